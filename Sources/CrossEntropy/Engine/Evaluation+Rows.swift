// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension Evaluation {
    /// Writes the reduced loss of each row and, if a buffer is given, its gradient.
    func writeRowLosses<R: LossScalar>(
        into losses: UnsafeMutableBufferPointer<R>, _ gradient: DerivativeBuffers?, scale: Double
    ) throws(CrossEntropyError) {
        try checkRoom(losses.count, "row losses", batch.rows)
        try unsafe batch.check(gradient)
        // The weight of a row is a factor of its loss, and is applied after summation.
        var unweighted = self
        unweighted.batch.rowWeights = nil
        let commonDivisor = divisorOfAnyRow
        // Each group of rows makes up a tile, so that threads get the same share of work as in other calls. It has at
        // most 256 rows, because their sums are on the stack.
        let outside = DomainFlag()
        let group = max(1, min(schedule.tile / max(1, batch.columns), 256))
        let areShort = batch.columns <= schedule.tile
        let groups = (batch.rows + group - 1) / group
        Schedule.run(pieces: groups, threads: threads, areShort: areShort) { index in
            let rows = index * group..<min(batch.rows, (index + 1) * group)
            unsafe unweighted.withRowSums(rows) { sums, mayBeOutside in
                outside.raise(if: mayBeOutside)
                for row in rows {
                    let known = unsafe sums?[row - rows.lowerBound] ?? .nan
                    guard !known.isFinite else {
                        let sum = weighted(ScaledDouble(known), byRow: row)
                        unsafe losses[row] = R(sum / (commonDivisor ?? divisor(ofRow: row)))
                        continue
                    }
                    // A weight of 0 is one of each element, because infinite losses of both signs add up to NaN.
                    let isLeftOut = batch.rowWeights?.number(row) == 0
                    let sums = (isLeftOut ? self : unweighted).sums(ofRow: row)
                    unsafe losses[row] = R(
                        isLeftOut ? sums.reduced(reduction) : reduced(sums, ofRow: row))
                    outside.raise(if: sums.mayBeOutside)
                }
            }
            if let gradient = unsafe gradient { unsafe write(gradient, ofRows: rows, scale) }
        }
        try refuse(if: outside.isRaised)
    }

    /// - Parameter sums: the sums without the weight of the row.
    private func reduced(_ sums: SliceSums, ofRow row: Int) -> Double {
        var sums = sums
        sums.loss = weighted(sums.loss, byRow: row)
        if let weight = batch.rowWeights?.number(row) { sums.weight = sums.weight * ScaledDouble(weight) }
        return sums.reduced(reduction)
    }

    /// Calls `body` with the sums of short rows. A sum that is not known is NaN; the pointer is nil if none is known.
    /// The second argument is whether an element of the rows with known sums may be outside its domain.
    private func withRowSums(
        _ rows: Range<Int>, _ body: (UnsafeMutablePointer<Double>?, Bool) -> Void
    ) {
        var first = slice(elements(ofRows: rows))
        first.count = batch.columns
        // Not a temporary allocation, which is on the heap above 1 KiB.
        var room = InlineArray<256, Double>(repeating: 0)
        unsafe withUnsafeMutableBytes(of: &room) { room in
            let sums = unsafe room.baseAddress!.assumingMemoryBound(to: Double.self)
            let mayBeOutside = unsafe first.sumRows(
                rows.count, predictionStride: batch.predictionStride,
                targetStride: batch.targetStride, into: sums, formula, level)
            unsafe body(mayBeOutside == nil ? nil : sums, mayBeOutside ?? false)
        }
    }

    private func write(_ gradient: DerivativeBuffers, ofRows rows: Range<Int>, _ scale: Double) {
        func write(_ rows: Range<Int>, _ divisor: ScaledDouble) {
            withOwnFormula { part in
                part.divideDerivatives(by: divisor, scale: scale)
                forEachTile(elements(ofRows: rows)) { tile in
                    forEachSlice(tile) { slice in
                        unsafe slice.write(outputs(gradient, slice), part.formula, level)
                    }
                }
            }
        }
        if let divisor = divisorOfAnyRow { return write(rows, divisor) }
        for row in rows { write(row..<row + 1, divisor(ofRow: row)) }
    }

    private func elements(ofRows rows: Range<Int>) -> Range<Int> {
        rows.lowerBound * batch.columns..<rows.upperBound * batch.columns
    }

    private func sums(ofRow index: Int) -> SliceSums {
        sumTiles(ofRow: index) { sums(of: $0, wantsWeight: dividesByWeight) }
    }

    /// The total of the sums that `body` returns for the tiles of a row.
    private func sumTiles(ofRow index: Int, _ body: (BatchSlice) -> SliceSums) -> SliceSums {
        let row = elements(ofRows: index..<index + 1)
        return row.count > schedule.tile ? sumTiles(ofLongRow: row, body) : sumSlices(row, body)
    }

    /// Not inlined, because exact sums take 2 KiB of the stack, which may be as small as 64 KiB.
    @inline(never)
    private func sumTiles(ofLongRow row: Range<Int>, _ body: (BatchSlice) -> SliceSums) -> SliceSums {
        var total = BatchSums()
        forEachTile(row) { total.add(sumSlices($0, body)) }
        return total.rounded
    }

    private func forEachTile(_ elements: Range<Int>, _ body: (Range<Int>) -> Void) {
        for start in stride(from: elements.lowerBound, to: elements.upperBound, by: schedule.tile) {
            body(start..<min(elements.upperBound, start + schedule.tile))
        }
    }

    /// The divisor of the sums of all rows, if it is the same for all.
    private var divisorOfAnyRow: ScaledDouble? { commonDivisor(ofElements: batch.columns) }

    private func divisor(ofRow index: Int) -> ScaledDouble {
        sumTiles(ofRow: index) { totals(of: $0) }.divisor(reduction)
    }

    /// A loss times the weight of its row.
    func weighted(_ loss: ScaledDouble, byRow row: Int) -> ScaledDouble {
        weighted(loss, by: batch.rowWeights?.number(row) ?? 1)
    }

    /// A sum of losses times their common weight. A weight of 0 gives 0 even if the loss is infinite, but not if it is
    /// NaN. If nothing counts, any weight gives 0.
    func weighted(_ loss: ScaledDouble, by weight: Double) -> ScaledDouble {
        let value = loss.significand
        let isNothing = weight == 0 ? !value.isNaN : value == 0 && !countsAll
        return isNothing ? ScaledDouble(0) : ScaledDouble(weight) * loss
    }
}

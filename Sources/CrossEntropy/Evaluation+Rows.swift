// SPDX-License-Identifier: Apache-2.0

internal import KernelLevels

extension Evaluation {
    /// The reduced loss of each row and, where a buffer is given, its gradient.
    func writeRowLosses<R: LossScalar>(
        into losses: UnsafeMutableBufferPointer<R>, _ gradient: DerivativeBuffers?, scale: Double
    ) throws(CrossEntropyError) {
        try checkCount(losses.count, "row losses", batch.rows)
        try unsafe check(gradient)
        // The weight of a row is a factor of its loss.
        var unweighted = self
        unweighted.batch.rowWeights = nil
        let (isWeighted, commonDivisor) = (batch.rowWeights != nil, divisorOfAnyRow)
        // Groups that make a tile, so that threads have the same share of work as in other calls; of at most 512 rows,
        // so that their sums lie in the first cache.
        let group = max(1, min(plan.tile / max(1, batch.columns), 512))
        TilePlan.run(pieces: (batch.rows + group - 1) / group, threads: threads) { index in
            let rows = index * group..<min(batch.rows, (index + 1) * group)
            unsafe unweighted.withRowSums(rows) { sums in
                for row in rows {
                    let known = unsafe sums?[row - rows.lowerBound] ?? .nan
                    var sum = known.isFinite ? ScaledDouble(known) : unweighted.sum(ofRow: row)
                    if isWeighted { sum = weighted(sum, byRow: row) }
                    unsafe losses[row] = R(sum / (commonDivisor ?? divisor(ofRow: row)))
                }
            }
            if let gradient = unsafe gradient { unsafe write(gradient, ofRows: rows, scale) }
        }
    }

    /// Calls `body` with the sums of short rows, NaN where they are not known; nil where none is.
    private func withRowSums(_ rows: Range<Int>, _ body: (UnsafeMutablePointer<Double>?) -> Void) {
        let elements = elements(ofRows: rows)
        var first = LossTile(
            predictions: batch.predictions(from: elements.lowerBound),
            targets: batch.targets(from: elements.lowerBound), count: batch.columns)
        guard !batch.isBroadcast, !hasBits, unlessOnes(batch.weights, elements) == nil,
            unlessOnes(batch.mask, elements) == nil, first.canSumRows(formula)
        else { return body(nil) }
        // Not a temporary allocation: above 1 KiB that is one of the heap.
        var room = InlineArray<512, Double>(repeating: 0)
        unsafe withUnsafeMutableBytes(of: &room) { room in
            let sums = unsafe room.baseAddress!.assumingMemoryBound(to: Double.self)
            unsafe first.sumRows(
                rows.count, predictionStride: batch.predictionStride,
                targetStride: batch.targetStride, into: sums, formula, level)
            unsafe body(sums)
        }
    }

    private func write(_ gradient: DerivativeBuffers, ofRows rows: Range<Int>, _ scale: Double) {
        func write(_ rows: Range<Int>, _ divisor: ScaledDouble) {
            var part = self
            part.divideDerivatives(by: divisor, scale: scale)
            part.forEachTile(elements(ofRows: rows)) { tile in
                unsafe tile.kernels.writeDerivatives(places(gradient, tile), part.formula, level)
            }
        }
        if let divisor = divisorOfAnyRow { return write(rows, divisor) }
        for row in rows { write(row..<row + 1, divisor(ofRow: row)) }
    }

    private func elements(ofRows rows: Range<Int>) -> Range<Int> {
        rows.lowerBound * batch.columns..<rows.upperBound * batch.columns
    }

    private func sum(ofRow index: Int) -> ScaledDouble {
        func sum(_ range: Range<Int>) -> ScaledDouble {
            sumTiles(range) { $0.kernels.sum(formula, level) }
        }
        let row = elements(ofRows: index..<index + 1)
        guard row.count > plan.tile else { return sum(row) }
        var total = ExactSum()
        for start in stride(from: row.lowerBound, to: row.upperBound, by: plan.tile) {
            total.add(sum(start..<min(row.upperBound, start + plan.tile)))
        }
        return total.scaled
    }

    /// What the sums of all rows are divided by, if that is one number.
    private var divisorOfAnyRow: ScaledDouble? { commonDivisor(ofElements: batch.columns) }

    private func divisor(ofRow index: Int) -> ScaledDouble {
        var totals = (counted: 0.0, weight: ScaledDouble(0))
        forEachTile(elements(ofRows: index..<index + 1)) { tile in
            let part = tile.kernels.totals(formula, level)
            totals.counted += part.counted
            totals.weight += part.weight
        }
        return reduction == .mean ? ScaledDouble(totals.counted) : totals.weight
    }

    /// A loss times the weight of its row.
    func weighted(_ loss: ScaledDouble, byRow row: Int) -> ScaledDouble {
        weighted(loss, by: batch.rowWeights?.number(row) ?? 1)
    }

    /// A sum of losses times their common weight. A weight of 0 makes 0 of an infinite loss, but not of a NaN; where
    /// nothing counts, any weight does.
    func weighted(_ loss: ScaledDouble, by weight: Double) -> ScaledDouble {
        let value = loss.significand
        let isNothing = weight == 0 ? !value.isNaN : value == 0 && !countsAll
        return isNothing ? ScaledDouble(0) : ScaledDouble(weight) * loss
    }
}

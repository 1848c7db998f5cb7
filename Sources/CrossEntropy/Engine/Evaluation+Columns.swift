// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension Evaluation {
    /// Writes the reduced loss of each column and, if a buffer is given, its gradient.
    ///
    /// The losses of some rows are written to memory that stays in cache, and added up from there as a matrix-vector
    /// product, with a vector of ones or of the row weights.
    func writeColumnLosses<R: LossScalar>(
        into losses: UnsafeMutableBufferPointer<R>, _ gradient: DerivativeBuffers?, scale: Double
    ) throws(CrossEntropyError) {
        try checkRoom(losses.count, "column losses", batch.columns)
        try unsafe batch.check(gradient)
        var sums = ColumnSums(columns: batch.columns)
        try add(to: &sums)
        for (column, loss) in sums.losses(reduction).enumerated() { unsafe losses[column] = R(loss) }
        guard let gradient = unsafe gradient else { return }
        let weights = (0..<batch.columns).map { column in
            let divisor = sums.divisor(column, reduction)
            guard divisor.significand != 0 else { return 0.0 }
            return ScaledDouble(batch.columnWeights?.number(column) ?? 1) / divisor
        }
        var part = self
        unsafe weights.withUnsafeBytes { weights in
            if let divisor = commonDivisor(ofElements: batch.rows) {
                divideDerivatives(by: divisor, scale: scale)
            } else if let base = weights.baseAddress {
                unsafe formula.pointee.scale = scale
                part.batch.columnWeights = unsafe Column(base, .double)
            }
            _ = unsafe part.writeDerivatives(into: gradient)
        }
    }

    /// The number of rows whose losses are added up in their own type before the summation continues in Double; at most
    /// 64.
    private var rowsInTile: Int { max(1, min(64, schedule.tile / max(1, batch.columns))) }

    /// Adds the losses of each column, and the divisor of its mean.
    func add(to sums: inout ColumnSums) throws(CrossEntropyError) {
        let columns = batch.columns
        guard columns > 0 else { return }
        let pieces = Pieces(tiles: (batch.rows + rowsInTile - 1) / rowsInTile, most: 16)
        let commonDivisor = commonDivisor(ofElements: batch.rows)
        let outside = DomainFlag()
        let empty = [CompensatedSum](repeating: CompensatedSum(), count: pieces.count * columns)
        var (losses, weights) = (empty, commonDivisor == nil ? empty : [])
        unsafe losses.withUnsafeMutableBufferPointer { losses in
            unsafe weights.withUnsafeMutableBufferPointer { weights in
                let (losses, weights) = unsafe (SharedRows(losses, columns), SharedRows(weights, columns))
                Schedule.run(pieces: pieces.count, threads: threads) { piece in
                    var work = ColumnWork(self, rows: rowsInTile)
                    let divisors = commonDivisor == nil ? ColumnWeights(self, rows: rowsInTile) : nil
                    for tile in pieces.tiles(of: piece) {
                        let rows = tile * rowsInTile..<min(batch.rows, (tile + 1) * rowsInTile)
                        unsafe work.add(rows, to: losses.row(piece))
                        // While targets, weights and the mask are in cache.
                        unsafe divisors?.add(rows, to: weights.row(piece))
                    }
                    outside.raise(if: work.mayBeOutside)
                }
            }
        }
        try refuse(if: outside.isRaised)
        if let commonDivisor { sums.addCommonDivisor(commonDivisor) }
        for column in 0..<columns {
            let loss = total(losses, column)
            sums.addLoss(weighted(loss, by: batch.columnWeights?.number(column) ?? 1), column)
            if commonDivisor == nil { sums.addDivisor(total(weights, column), column) }
        }
    }

    /// The sum of one column over all pieces.
    private func total(_ parts: [CompensatedSum], _ column: Int) -> ScaledDouble {
        var total = CompensatedSum()
        for index in stride(from: column, to: parts.count, by: batch.columns) {
            total.add(parts[index].value)
        }
        return total.value
    }
}

/// Rows of sums that several threads write, each thread to rows of its own.
@unsafe
private struct SharedRows: @unchecked Sendable {
    private let base: UnsafeMutableBufferPointer<CompensatedSum>
    private let columns: Int

    init(_ base: UnsafeMutableBufferPointer<CompensatedSum>, _ columns: Int) {
        unsafe self.base = base
        unsafe self.columns = columns
    }

    func row(_ index: Int) -> UnsafeMutableBufferPointer<CompensatedSum> {
        unsafe UnsafeMutableBufferPointer(rebasing: base[index * columns..<(index + 1) * columns])
    }
}

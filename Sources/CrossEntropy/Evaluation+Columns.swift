internal import KernelLevels

extension Evaluation {
    /// The reduced loss of each column and, where a buffer is given, its gradient.
    ///
    /// Losses of some rows are written to the cache, and added up from there as the product of a matrix and a vector:
    /// of ones, or of the weights of the rows.
    func writeColumnLosses<R: LossScalar>(
        into losses: UnsafeMutableBufferPointer<R>, _ gradient: DerivativeBuffers?, scale: Double
    ) throws(CrossEntropyError) {
        try checkCount(losses.count, "column losses", batch.columns)
        try unsafe check(gradient)
        let divisors = columnDivisors()
        let sums = columnSums()
        for column in 0..<batch.columns {
            unsafe losses[column] = R(sums[column] / divisors[column])
        }
        guard let gradient = unsafe gradient else { return }
        var weights = divisors.map { Self.scale(1, over: $0) }
        if let given = batch.columnWeights {
            for column in weights.indices { weights[column] *= given.number(column) }
        }
        var part = self
        unsafe weights.withUnsafeBytes { weights in
            if let divisor = commonDivisor(ofElements: batch.rows) {
                part.formula.scale = Self.scale(scale, over: divisor)
            } else if let base = weights.baseAddress {
                part.formula.scale = scale
                part.batch.columnWeights = unsafe ElementColumn(base, .double)
            }
            unsafe part.writeDerivatives(into: gradient)
        }
    }

    /// Rows of losses that are added up in their own type before they go on in Double, and how many at most.
    private var rowsInTile: Int { max(1, min(64, plan.tile / max(1, batch.columns))) }

    /// The sum of each column.
    private func columnSums() -> [Double] {
        let columns = batch.columns
        let pieces = Pieces(tiles: (batch.rows + rowsInTile - 1) / rowsInTile, most: 16)
        var sums = [CompensatedSum](repeating: CompensatedSum(), count: pieces.count * columns)
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            let sums = unsafe SharedRows(sums, columns)
            TilePlan.run(pieces: pieces.count, threads: threads) { piece in
                var work = ColumnWork(self, rows: rowsInTile)
                for tile in pieces.tiles(of: piece) {
                    let rows = tile * rowsInTile..<min(batch.rows, (tile + 1) * rowsInTile)
                    unsafe work.add(rows, to: sums.row(piece))
                }
            }
        }
        return (0..<columns).map { column in
            var total = CompensatedSum()
            for index in stride(from: column, to: pieces.count * columns, by: columns) {
                total.add(sums[index].value)
            }
            return total.value
        }
    }

    /// What the sum of each column is divided by.
    private func columnDivisors() -> [Double] {
        if let divisor = commonDivisor(ofElements: batch.rows) {
            return [Double](repeating: divisor, count: batch.columns)
        }
        var divisors = [CompensatedSum](repeating: CompensatedSum(), count: batch.columns)
        for row in 0..<batch.rows {
            for column in 0..<batch.columns {
                let (counts, weight) = weight(ofRow: row, column)
                if counts { divisors[column].add(reduction == .mean ? 1 : weight) }
            }
        }
        return divisors.map(\.value)
    }

    /// Whether an element counts, and its weight.
    private func weight(ofRow row: Int, _ column: Int) -> (counts: Bool, Double) {
        let index = row * batch.columns + column
        let weight =
            batch.weight * (batch.weights?.number(index) ?? 1) * (batch.rowWeights?.number(row) ?? 1)
            * (batch.columnWeights?.number(column) ?? 1)
        let isMasked = batch.mask.map { $0.number(index) == 0 } ?? false
        return (!isMasked && !formula.isMissing(batch.target(row, column)), weight)
    }
}

/// Rows of sums that several threads write, each its own.
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

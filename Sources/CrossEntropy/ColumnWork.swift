internal import KernelLevels

/// Room for the losses of some rows, and for their sums in the same type.
@safe
struct ColumnWork: ~Copyable {
    /// Without the weights of rows, and with them.
    private let evaluation, weights: Evaluation
    private let rowWeights: ElementColumn?
    private let room: UnsafeMutableRawBufferPointer
    private let losses, factors, sums: UnsafeMutableRawPointer

    init(_ evaluation: Evaluation, rows: Int) {
        var unweighted = evaluation
        rowWeights = evaluation.batch.rowWeights
        unweighted.batch.rowWeights = nil
        self.evaluation = unweighted
        weights = evaluation
        let type = evaluation.batch.result
        let padded = MatrixTile.padded(evaluation.batch.columns)
        let (elements, padding) = (rows * evaluation.batch.columns, 64)
        unsafe room = .allocate(
            byteCount: type.bytes(elements + rows + padded) + 2 * padding, alignment: padding)
        unsafe losses = room.baseAddress!
        unsafe factors = losses + (type.bytes(elements) + padding - 1) / padding * padding
        unsafe sums = factors + (type.bytes(rows) + padding - 1) / padding * padding
    }

    deinit { unsafe room.deallocate() }

    mutating func add(_ rows: Range<Int>, to total: UnsafeMutableBufferPointer<CompensatedSum>) {
        evaluation.batch.result == .double
            ? unsafe add(rows, Double.self, to: total) : unsafe add(rows, Float.self, to: total)
    }

    private func add<S: LossScalar>(
        _ rows: Range<Int>, _: S.Type, to total: UnsafeMutableBufferPointer<CompensatedSum>
    ) {
        let (columns, level) = (evaluation.batch.columns, evaluation.level)
        let losses = unsafe self.losses.assumingMemoryBound(to: S.self)
        let factors = unsafe self.factors.assumingMemoryBound(to: S.self)
        let sums = unsafe self.sums.assumingMemoryBound(to: S.self)
        let first = rows.lowerBound * columns
        _ = evaluation.forEachTile(first..<rows.upperBound * columns) { tile in
            unsafe tile.kernels.write(
                into: losses + (tile.range.lowerBound - first), evaluation.formula, level)
            return 0
        }
        // Weights are relative to the largest: their own type may have a wider range.
        let scale = largestWeight(rows)
        for (index, row) in rows.enumerated() {
            unsafe factors[index] = S((rowWeights?.number(row) ?? 1) / scale)
        }
        for column in 0..<columns { unsafe sums[column] = 0 }
        var matrix = unsafe MatrixTile(
            ElementColumn(losses, evaluation.batch.result), rows: rows.count, columns: columns,
            rowStride: columns)
        unsafe matrix.addRows(times: factors, to: sums, level)
        for column in 0..<columns {
            var sum = unsafe Double(sums[column]) * scale
            // An infinite loss or weight, or a sum beyond the type of losses.
            if !sum.isFinite {
                sum = rows.enumerated().reduce(0) { sum, row in
                    let loss = unsafe Double(losses[row.offset * columns + column])
                    return sum + weights.weighted(loss, byRow: row.element)
                }
            }
            unsafe total[column].add(sum)
        }
    }

    private func largestWeight(_ rows: Range<Int>) -> Double {
        guard let rowWeights else { return 1 }
        let largest = rows.reduce(0) { largest, row in
            let weight = rowWeights.number(row).magnitude
            return weight.isFinite ? max(largest, weight) : largest
        }
        return largest == 0 ? 1 : largest
    }
}

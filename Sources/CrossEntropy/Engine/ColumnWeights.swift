// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// Working memory for the weights of some rows, and for their sums, which are added to the divisors of the columns.
@safe
struct ColumnWeights: ~Copyable {
    private let evaluation: Evaluation
    private let room: UnsafeMutableRawBufferPointer
    /// A matrix, a one for each of its rows, and a sum for each of its columns.
    private let weights, ones, sums: UnsafeMutablePointer<Double>

    init(_ evaluation: Evaluation, rows: Int) {
        var evaluation = evaluation
        if !evaluation.dividesByWeight {
            // All elements that count have the same share in the divisor.
            evaluation.batch.weights = nil
            evaluation.batch.rowWeights = nil
            evaluation.batch.columnWeights = nil
            evaluation.batch.weight = 1
        }
        self.evaluation = evaluation
        let elements = rows * evaluation.batch.columns
        let padded = MatrixTile.padded(evaluation.batch.columns)
        unsafe room = .allocate(byteCount: (padded + rows + elements) * 8, alignment: 64)
        unsafe sums = room.baseAddress!.assumingMemoryBound(to: Double.self)
        unsafe ones = sums + padded
        unsafe weights = ones + rows
        unsafe ones.initialize(repeating: 1, count: rows)
    }

    deinit { unsafe room.deallocate() }

    func add(_ rows: Range<Int>, to total: UnsafeMutableBufferPointer<CompensatedSum>) {
        let (columns, level) = (evaluation.batch.columns, evaluation.level)
        let first = rows.lowerBound * columns
        evaluation.forEachSlice(first..<rows.upperBound * columns) { slice in
            unsafe slice.writeWeights(to: weights + (slice.first - first), evaluation.formula, level)
        }
        unsafe sums.update(repeating: 0, count: columns)
        let matrix = unsafe MatrixTile(
            Column(weights, .double), rows: rows.count, columns: columns, rowStride: columns)
        unsafe matrix.addRows(times: ones, to: sums, level)
        let weight = ScaledDouble(evaluation.batch.weight)
        for column in 0..<columns {
            let sum = unsafe sums[column]
            let isKnown = sum.isFinite
            unsafe total[column].add((isKnown ? ScaledDouble(sum) : self.sum(rows, column)) * weight)
        }
    }

    /// The sum of one column, weight by weight, if it is beyond the range of Double.
    private func sum(_ rows: Range<Int>, _ column: Int) -> ScaledDouble {
        rows.reduce(into: ScaledDouble(0)) { sum, row in
            unsafe sum += ScaledDouble(weights[(row - rows.lowerBound) * evaluation.batch.columns + column])
        }
    }
}

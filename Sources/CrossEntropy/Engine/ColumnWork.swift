// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels
internal import CrossEntropyVectorMath

/// Working memory for the losses of some rows, and for their sums in the same type.
@safe
struct ColumnWork: ~Copyable {
    /// Without the weights of rows and columns. The weights of rows are factors of the matrix-vector product; those of
    /// columns multiply its result.
    private let evaluation: Evaluation
    private let rowWeights, columnWeights: Column?
    private let room: UnsafeMutableRawBufferPointer
    private let losses, factors, sums: UnsafeMutableRawPointer
    /// Whether an element that counts may be outside its domain.
    private(set) var mayBeOutside = false

    init(_ evaluation: Evaluation, rows: Int) {
        var unweighted = evaluation
        rowWeights = evaluation.batch.rowWeights
        columnWeights = evaluation.batch.columnWeights
        unweighted.batch.rowWeights = nil
        unweighted.batch.columnWeights = nil
        self.evaluation = unweighted
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

    private mutating func add<S: LossScalar>(
        _ rows: Range<Int>, _: S.Type, to total: UnsafeMutableBufferPointer<CompensatedSum>
    ) {
        let (columns, level) = (evaluation.batch.columns, evaluation.level)
        let losses = unsafe self.losses.assumingMemoryBound(to: S.self)
        let factors = unsafe self.factors.assumingMemoryBound(to: S.self)
        let sums = unsafe self.sums.assumingMemoryBound(to: S.self)
        let first = rows.lowerBound * columns
        var mayBeOutside = mayBeOutside
        evaluation.forEachSlice(first..<rows.upperBound * columns) { slice in
            let outputs = unsafe Outputs(losses: losses + (slice.first - first))
            mayBeOutside = unsafe slice.write(outputs, evaluation.formula, level) || mayBeOutside
        }
        self.mayBeOutside = mayBeOutside
        // Weights are divided by the largest, because their own type may have a wider range.
        let scale = largestWeight(rows)
        for (index, row) in rows.enumerated() {
            unsafe factors[index] = S((rowWeights?.number(row) ?? 1) / scale)
        }
        for column in 0..<columns { unsafe sums[column] = 0 }
        let matrix = unsafe MatrixTile(
            Column(losses, evaluation.batch.result), rows: rows.count, columns: columns,
            rowStride: columns)
        unsafe matrix.addRows(times: factors, to: sums, level)
        for column in 0..<columns {
            let sum = unsafe Double(sums[column])
            let isKnown = sum.isFinite && !isTooSmall(sum, S.self)
            unsafe total[column].add(
                isKnown ? ScaledDouble(sum) * ScaledDouble(scale) : self.sum(rows, column))
        }
    }

    /// Whether losses times their weights may have been subnormal in `S`. The largest of 64 products is at least 1/64
    /// of the sum. If the sum is at least 2^-100 (2^-900 for Double), that product is accurate to within 2^-20
    /// (2^-100).
    private func isTooSmall<S: LossScalar>(_ sum: Double, _: S.Type) -> Bool {
        let isWeighted =
            unsafe evaluation.batch.weights != nil || evaluation.batch.positiveWeights != nil
            || evaluation.batch.positiveColumnWeights != nil || evaluation.formula.pointee.isWeighted
        return isWeighted && sum.magnitude < (S.self == Double.self ? 0x1p-900 : 0x1p-100)
    }

    /// The sum of one column, element by element. It is used if a loss or a weight is infinite, or if the sum is
    /// outside the range of the type of the losses.
    ///
    /// A column with weight 0 is already left out here, because infinite losses of both signs would add up to NaN.
    private func sum(_ rows: Range<Int>, _ column: Int) -> ScaledDouble {
        let isLeftOut = columnWeights?.number(column) == 0
        return rows.reduce(into: ScaledDouble(0)) { sum, row in
            let element = row * evaluation.batch.columns + column
            let loss = evaluation.sumSlices(element..<element + 1) {
                evaluation.sums(of: $0, wantsWeight: false)
            }.loss
            let weighted = evaluation.weighted(loss, by: rowWeights?.number(row) ?? 1)
            sum += isLeftOut ? evaluation.weighted(weighted, by: 0) : weighted
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

// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

/// The arguments of a call. It is created either by a `LossBatch`, whose lifetime does not exceed that of their memory,
/// or for a single call on arrays or pointers.
@safe @usableFromInline
package struct BatchMemory {
    let domain: PredictionDomain
    package let count: Int
    package let rows: Int
    package let columns: Int
    private let predictions: Column
    private let targets: Column
    /// The number of elements from the start of one row to the start of the next.
    let predictionStride: Int
    let targetStride: Int
    var weight = 1.0
    /// One value per element.
    var weights: Column?
    var positiveWeights: Column?
    var mask: Column?
    /// One value per row or column.
    var rowWeights: Column?
    var columnWeights: Column?
    var positiveColumnWeights: Column?

    @usableFromInline
    package init(
        logits: Bool, _ predictions: Memory, _ targets: Memory, columns: Int?
    ) throws(CrossEntropyError) {
        unsafe try self.init(isLogits: logits, predictions, targets, columns: columns)
    }

    /// The same, inlined, for a batch that is stored where it is created. A call would return a copy.
    @inline(always)
    init(
        isLogits: Bool, _ predictions: Memory, _ targets: Memory, columns: Int?
    ) throws(CrossEntropyError) {
        count = unsafe predictions.count
        try checkCount(unsafe targets.count, "targets", count)
        if let columns {
            guard count == 0 ? columns >= 0 : columns > 0 && count % columns == 0 else {
                throw .invalidOption(
                    option: "columns", value: Double(columns), allowed: "a divisor of the \(count) elements")
            }
            (self.columns, rows) = (columns, columns == 0 ? 0 : count / columns)
        } else {
            (self.columns, rows) = (count, count == 0 ? 0 : 1)
        }
        domain = isLogits ? .logits : .probabilities
        unsafe self.predictions = predictions.column
        unsafe self.targets = targets.column
        (predictionStride, targetStride) = (self.columns, self.columns)
    }

    /// Matrices of the same shape, whose rows need not be adjacent in memory.
    @usableFromInline
    package init(
        logits: Bool, _ predictions: MatrixMemory, _ targets: MatrixMemory
    ) throws(CrossEntropyError) {
        (rows, columns) = unsafe (predictions.rows, predictions.columns)
        count = rows * columns
        try unsafe checkShape("targets", targets.rows, targets.columns, rows, columns)
        domain = logits ? .logits : .probabilities
        unsafe self.predictions = predictions.memory.column
        unsafe self.targets = targets.memory.column
        unsafe (predictionStride, targetStride) = (predictions.rowStride, targets.rowStride)
    }

    /// Whether there are only predictions and targets, without gaps between rows.
    @inline(always)
    var isBare: Bool {
        !hasGaps && weight == 1 && weights == nil && positiveWeights == nil && mask == nil
            && rowWeights == nil && columnWeights == nil && positiveColumnWeights == nil
    }

    /// Whether rows are not adjacent in memory, so that they are processed one by one.
    @inline(always)
    var hasGaps: Bool { rows > 1 && (predictionStride != columns || targetStride != columns) }

    /// All elements of a batch without gaps between rows.
    ///
    /// Inlined, because a call would copy the whole batch first.
    @inline(always)
    var whole: BatchSlice {
        var slice = BatchSlice(predictions: predictions, targets: targets, count: count)
        (slice.weights, slice.positiveWeights, slice.mask) = (weights, positiveWeights, mask)
        (slice.rowWeights, slice.columnWeights) = (rowWeights, columnWeights)
        (slice.positiveColumnWeights, slice.columns) = (positiveColumnWeights, columns)
        return slice
    }

    /// The elements of a range that does not extend across a gap between rows.
    @inline(always)
    func slice(_ range: Range<Int>) -> BatchSlice {
        var slice = whole
        let start = range.lowerBound
        slice.predictions = predictions.from(place(start, predictionStride))
        slice.targets = targets.from(place(start, targetStride))
        (slice.weights, slice.positiveWeights) = (weights?.from(start), positiveWeights?.from(start))
        slice.mask = mask?.from(start)
        (slice.first, slice.count) = (start, range.count)
        return slice
    }

    @inline(always)
    private func place(_ index: Int, _ stride: Int) -> Int {
        stride == columns || index == 0 ? index : index / columns * stride + index % columns
    }

    var targetType: DType { targets.dtype }

    /// The type of losses and derivatives.
    package var result: DType { predictions.dtype.result }
}

package func checkCount(_ count: Int, _ argument: String, _ expected: Int) throws(CrossEntropyError) {
    guard count == expected else {
        throw .countMismatch(argument: argument, count: count, expected: expected)
    }
}

/// Outputs may be longer than needed.
package func checkRoom(_ count: Int, _ argument: String, _ needed: Int) throws(CrossEntropyError) {
    guard count >= needed else {
        throw .outputTooShort(argument: argument, count: count, needed: needed)
    }
}

package func checkShape(
    _ argument: String, _ rows: Int, _ columns: Int, _ expectedRows: Int, _ expectedColumns: Int
) throws(CrossEntropyError) {
    guard rows == expectedRows, columns == expectedColumns else {
        throw .shapeMismatch(
            argument: argument, rows: rows, columns: columns, expectedRows: expectedRows,
            expectedColumns: expectedColumns)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import KernelLevels

internal import enum VectorKernels.Tuning

/// A span without its type and lifetime, so that the work behind a generic entry point is compiled once, here, and not
/// looked up at run time in the caller's module. Whoever makes one keeps the memory alive.
@unsafe @usableFromInline
struct Memory {
    let base: UnsafeRawPointer?
    let storage: LossStorage
    /// Elements.
    let count: Int

    @usableFromInline
    init(_ base: UnsafeRawPointer?, _ storage: LossStorage, count: Int) {
        unsafe self.base = base
        unsafe self.storage = storage
        unsafe self.count = count
    }

    /// Empty memory may have no address; nobody reads from this one.
    var column: ElementColumn {
        unsafe ElementColumn(base ?? UnsafeRawPointer(bitPattern: 8)!, storage.storage)
    }
}

/// A `MatrixView` without its type and lifetime.
@unsafe @usableFromInline
struct MatrixMemory {
    let memory: Memory
    let rows: Int
    let columns: Int
    let rowStride: Int

    @usableFromInline
    init<E>(_ memory: Memory, _ matrix: borrowing MatrixView<E>) {
        unsafe self.memory = memory
        unsafe (rows, columns, rowStride) = (matrix.rows, matrix.columns, matrix.rowStride)
    }
}

/// The arguments of a call. Made by a `LossBatch`, which lives no longer than their memory.
@safe @usableFromInline
struct BatchMemory {
    let domain: PredictionDomain
    let count: Int
    let rows: Int
    let columns: Int
    private let predictions: ElementColumn
    private let targets: ElementColumn
    /// Elements from the beginning of a row to that of the next.
    let predictionStride: Int
    let targetStride: Int
    var weight = 1.0
    var weights: ElementColumn?
    var rowWeights: ElementColumn?
    var columnWeights: ElementColumn?
    var positiveColumnWeights: ElementColumn?
    var mask: ElementColumn?

    @usableFromInline
    init(
        logits: Bool, _ predictions: Memory, _ targets: Memory, columns: Int?
    ) throws(CrossEntropyError) {
        count = unsafe predictions.count
        try checkCount(unsafe targets.count, "targets", count)
        self.columns = columns ?? count
        guard count == 0 ? self.columns >= 0 : self.columns > 0 && count % self.columns == 0 else {
            throw .invalidOption(
                option: "columns", value: Double(self.columns), allowed: "a divisor of the \(count) elements")
        }
        rows = self.columns == 0 ? 0 : count / self.columns
        domain = logits ? .logits : .probabilities
        unsafe self.predictions = predictions.column
        unsafe self.targets = targets.column
        (predictionStride, targetStride) = (self.columns, self.columns)
    }

    /// Matrices of one shape, rows of which need not follow each other.
    @usableFromInline
    init(
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

    /// Whether rows do not follow each other, and are taken one by one.
    var hasGaps: Bool { rows > 1 && (predictionStride != columns || targetStride != columns) }

    /// The predictions from element `index` on, to the end of its row where there are gaps.
    func predictions(from index: Int) -> ElementColumn { predictions.from(place(index, predictionStride)) }

    func targets(from index: Int) -> ElementColumn { targets.from(place(index, targetStride)) }

    private func place(_ index: Int, _ stride: Int) -> Int {
        stride == columns || index == 0 ? index : index / columns * stride + index % columns
    }

    func target(_ row: Int, _ column: Int) -> Double { targets.number(row * targetStride + column) }

    var targetStorage: ElementStorage { targets.storage }

    /// The type of losses and derivatives.
    var result: ElementStorage { predictions.storage.result }

    /// Whether weights of columns alone are spread, over rows long enough for kernels that read them where they lie.
    var hasWeightsOfLongRows: Bool {
        columnWeights != nil && weights == nil && rowWeights == nil && positiveColumnWeights == nil
            && columns >= Tuning.fewElements
    }

    /// Whether weights are spread over a row or a column, or differ by column for positive targets.
    var isBroadcast: Bool {
        rowWeights != nil || columnWeights != nil || positiveColumnWeights != nil
    }
}

package func checkCount(_ count: Int, _ argument: String, _ expected: Int) throws(CrossEntropyError) {
    guard count == expected else {
        throw .countMismatch(argument: argument, count: count, expected: expected)
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

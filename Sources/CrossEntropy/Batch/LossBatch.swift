// SPDX-License-Identifier: Apache-2.0

/// Predictions and their targets, with a shape, weights and a mask. It owns no memory: its lifetime does not exceed
/// that of the spans it is made of, and the kernels read those in place.
///
/// ```swift
/// let batch = try LossBatch(logits: x.span, targets: t.span, columns: 3).weighted(byColumn: w.span)
/// let loss = try BinaryCrossEntropy.exact.loss(batch)
/// ```
///
/// Elements are stored row by row: rows x columns, or one row if `columns` is not given.
@safe
public struct LossBatch<Prediction: LossPrediction>: ~Escapable {
    @usableFromInline var memory: BatchMemory

    @usableFromInline
    @_lifetime(immortal)
    init(
        isLogits: Bool, _ predictions: Memory, _ targets: Memory, columns: Int?
    ) throws(CrossEntropyError) {
        memory = unsafe try BatchMemory(isLogits: isLogits, predictions, targets, columns: columns)
    }

    @usableFromInline
    @_lifetime(immortal)
    init(isLogits: Bool, _ predictions: MatrixMemory, _ targets: MatrixMemory) throws(CrossEntropyError) {
        memory = unsafe try BatchMemory(logits: isLogits, predictions, targets)
    }

    /// Logits and their targets.
    ///
    /// - Parameters:
    ///   - logits: rows x columns numbers; infinite ones are certain predictions.
    ///   - targets: as many numbers, in [0, 1].
    ///   - columns: the number of elements per row, a divisor of the count.
    /// - Throws: `CrossEntropyError.countMismatch` or `.invalidOption` for the columns.
    @inlinable
    @_lifetime(copy logits, copy targets)
    public init<T: LossTarget>(
        logits: Span<Prediction>, targets: Span<T>, columns: Int? = nil
    ) throws(CrossEntropyError) {
        unsafe try self.init(isLogits: true, Memory(logits), Memory(targets: targets), columns: columns)
    }

    /// Probabilities in [0, 1] and their targets; see the overload for logits.
    @inlinable
    @_lifetime(copy probabilities, copy targets)
    public init<T: LossTarget>(
        probabilities: Span<Prediction>, targets: Span<T>, columns: Int? = nil
    ) throws(CrossEntropyError) {
        unsafe try self.init(
            isLogits: false, Memory(probabilities), Memory(targets: targets), columns: columns)
    }

    /// Logits and their targets as matrices, whose rows need not be adjacent in memory.
    ///
    /// Outputs for such a batch (losses, derivatives) are rows x columns without gaps.
    ///
    /// - Throws: `CrossEntropyError.shapeMismatch`.
    @inlinable
    @_lifetime(copy logits, copy targets)
    public init<T: LossTarget>(
        logits: MatrixView<Prediction>, targets: MatrixView<T>
    ) throws(CrossEntropyError) {
        unsafe try self.init(
            isLogits: true, MatrixMemory(Memory(logits.elements), logits),
            MatrixMemory(Memory(targets: targets.elements), targets))
    }

    /// Probabilities in [0, 1] and their targets as matrices; see the overload for logits.
    @inlinable
    @_lifetime(copy probabilities, copy targets)
    public init<T: LossTarget>(
        probabilities: MatrixView<Prediction>, targets: MatrixView<T>
    ) throws(CrossEntropyError) {
        unsafe try self.init(
            isLogits: false, MatrixMemory(Memory(probabilities.elements), probabilities),
            MatrixMemory(Memory(targets: targets.elements), targets))
    }

    /// Logits and 0/1 targets of one bit each, the lowest bit of a byte first, as Arrow packs Booleans. Unused bits of
    /// the last byte are ignored.
    @inlinable
    @_lifetime(copy logits, copy packedTargets)
    public init(
        logits: Span<Prediction>, packedTargets: Span<UInt8>, columns: Int? = nil
    ) throws(CrossEntropyError) {
        let targets = unsafe try Memory(bits: packedTargets, count: logits.count, "packedTargets")
        unsafe try self.init(isLogits: true, Memory(logits), targets, columns: columns)
    }

    /// Probabilities and 0/1 targets of one bit each.
    @inlinable
    @_lifetime(copy probabilities, copy packedTargets)
    public init(
        probabilities: Span<Prediction>, packedTargets: Span<UInt8>, columns: Int? = nil
    ) throws(CrossEntropyError) {
        let targets = unsafe try Memory(bits: packedTargets, count: probabilities.count, "packedTargets")
        unsafe try self.init(isLogits: false, Memory(probabilities), targets, columns: columns)
    }

    /// The number of elements.
    public var count: Int { memory.count }
    public var columns: Int { memory.columns }
    public var rows: Int { memory.rows }
}

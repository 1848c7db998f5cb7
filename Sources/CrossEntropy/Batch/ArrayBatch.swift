// SPDX-License-Identifier: Apache-2.0

/// A batch of arrays, the counterpart of `LossBatch`, which is a batch of spans. It owns its arrays and may be stored
/// anywhere.
///
/// ```swift
/// let batch = ArrayBatch(logits: x, targets: t, columns: 3, columnWeights: w)
/// let perExample = try bce.rowLosses(batch)
/// ```
@frozen
public struct ArrayBatch<Prediction: LossPrediction, Target: LossTarget>: Sendable {
    public typealias Weight = Prediction.LossResult

    @usableFromInline let isLogits: Bool
    /// Logits or probabilities, row by row.
    public var predictions: [Prediction]
    public var targets: [Target]
    /// The number of elements per row. If nil, there is one row.
    public var columns: Int?
    /// Weights of the elements, rows and columns.
    public var weights, rowWeights, columnWeights: [Weight]?
    /// Weights of the positive part of each element's loss, and of each column's losses.
    public var positiveWeights, positiveColumnWeights: [Weight]?
    /// Which elements count.
    public var mask: [Bool]?

    /// Logits and their targets. Sizes are checked by the calls that use the batch.
    @inlinable
    public init(
        logits: [Prediction], targets: [Target], columns: Int? = nil, weights: [Weight]? = nil,
        rowWeights: [Weight]? = nil, columnWeights: [Weight]? = nil, positiveWeights: [Weight]? = nil,
        positiveColumnWeights: [Weight]? = nil, mask: [Bool]? = nil
    ) {
        isLogits = true
        predictions = logits
        self.targets = targets
        self.columns = columns
        (self.weights, self.rowWeights, self.columnWeights) = (weights, rowWeights, columnWeights)
        (self.positiveWeights, self.positiveColumnWeights) = (positiveWeights, positiveColumnWeights)
        self.mask = mask
    }

    /// Probabilities and their targets. Sizes are checked by the calls that use the batch.
    @inlinable
    public init(
        probabilities: [Prediction], targets: [Target], columns: Int? = nil, weights: [Weight]? = nil,
        rowWeights: [Weight]? = nil, columnWeights: [Weight]? = nil, positiveWeights: [Weight]? = nil,
        positiveColumnWeights: [Weight]? = nil, mask: [Bool]? = nil
    ) {
        isLogits = false
        predictions = probabilities
        self.targets = targets
        self.columns = columns
        (self.weights, self.rowWeights, self.columnWeights) = (weights, rowWeights, columnWeights)
        (self.positiveWeights, self.positiveColumnWeights) = (positiveWeights, positiveColumnWeights)
        self.mask = mask
    }

    /// Calls `body` with the memory of the arrays.
    @inlinable
    func withMemory<R>(
        _ body: (BatchMemory) throws(CrossEntropyError) -> R
    ) throws(CrossEntropyError) -> R {
        defer { extendLifetime(self) }
        return try body(
            unsafe BatchMemory(
                logits: isLogits, predictions.elements, targets.elements, columns: columns,
                weights: weights?.elements, rowWeights: rowWeights?.elements,
                columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
                positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements))
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How well predictions fit their targets, over any number of batches: log loss, calibration and discrimination.
///
/// ```swift
/// var evaluation = try BinaryEvaluation()
/// for batch in batches { try bce.add(ArrayBatch(logits: batch.x, targets: batch.t), to: &evaluation) }
/// print(evaluation.logLoss, evaluation.calibrationRatio, evaluation.areaUnderROC.value)
/// ```
///
/// Everything can be read at any time. Elements count as they do in a loss: with their weights, and unless a mask or a
/// missing target excludes them. The log loss and the normalized entropy depend on the options of the
/// `BinaryCrossEntropy`, everything else only on predictions, targets and weights. If a prediction that counts is NaN,
/// so are all means of predictions and losses, and the area under the curve.
///
/// Results are bitwise identical for any number of threads and in whatever order batches are added and evaluations
/// merged. They are within 1e-10 of the exact ones, relative to sums of positive terms; for Float, whose losses and
/// probabilities are rounded to Float, within 1e-6.
///
/// An evaluation takes 1.8 MB of memory, and up to 0.3 MB more with 1,000 bins. Adding a batch takes another 0.5 MB per
/// thread and has a fixed cost of about 50 microseconds, so batches should have at least ten thousand elements.
///
/// The forms returned by ``MergeableSums/serialized()`` and by an encoder are exact. The former takes 30 to 50 bytes for
/// each bin of logits that is not empty: usually 0.1 to 0.7 MB, and always less than 2 MB.
public struct BinaryEvaluation: MergeableSums {
    /// The sums of the losses, with a report.
    public private(set) var losses = LossAccumulator(keepsReport: true)
    private(set) var scores: ScoreSums

    /// - Parameter binCount: the number of bins of equal width that `reliability` and `expectedCalibrationError` divide
    ///   probabilities into, from 1 to 1,000.
    /// - Throws: `CrossEntropyError.invalidOption` for any other number.
    public init(binCount: Int = 10) throws(CrossEntropyError) {
        guard Self.binCounts.contains(binCount) else {
            throw .invalidOption(
                option: "binCount", value: Double(binCount), allowed: "a number from 1 to 1000")
        }
        scores = ScoreSums(binCount: binCount)
    }

    init(losses: LossAccumulator, scores: ScoreSums) {
        self.losses = losses
        self.scores = scores
    }

    static let binCounts = 1...1000

    /// The number of bins of equal width.
    public var binCount: Int { scores.binCount }

    /// Adds the contents of another evaluation.
    ///
    /// - Throws: `CrossEntropyError.invalidOption` if `other` has a different number of bins, and `.tooManyElements` if
    ///   the combined count exceeds 2^42; in either case nothing is added.
    public mutating func merge(_ other: BinaryEvaluation) throws(CrossEntropyError) {
        guard other.binCount == binCount else {
            throw .invalidOption(
                option: "binCount", value: Double(other.binCount),
                allowed: "\(binCount), as in the evaluation that it is merged into")
        }
        try losses.merge(other.losses)
        scores.merge(other.scores)
    }

    /// Adds the elements of a batch.
    mutating func add(_ batch: BatchMemory, _ options: BinaryCrossEntropy) throws(CrossEntropyError) {
        // The losses are added first, in a pass of their own, because that pass finds invalid elements.
        try options.evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            try evaluation.addReport(to: &losses)
            evaluation.addScores(to: &scores)
        }
    }
}

extension BinaryCrossEntropy {
    /// Adds the predictions and targets of a batch to `evaluation`. The reduction has no effect: the log loss is the
    /// weighted mean.
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` for a target or probability outside [0, 1], `.tooManyElements` if
    ///   the count would exceed 2^42; in either case nothing is added.
    /// - Complexity: O(n), about 4 ns per element and thread for labels without weights (AVX-512).
    public func add<P>(
        _ batch: borrowing LossBatch<P>, to evaluation: inout BinaryEvaluation
    ) throws(CrossEntropyError) {
        try add(batch.memory, to: &evaluation)
    }

    /// Adds the predictions and targets of a batch to `evaluation`; see `add(_:to:)` of a `LossBatch`.
    @inlinable
    public func add<P, T>(
        _ batch: ArrayBatch<P, T>, to evaluation: inout BinaryEvaluation
    ) throws(CrossEntropyError) {
        try batch.withMemory { memory throws(CrossEntropyError) in try add(memory, to: &evaluation) }
    }

    @usableFromInline
    package func add(_ batch: BatchMemory, to evaluation: inout BinaryEvaluation) throws(CrossEntropyError) {
        try evaluation.add(batch, self)
    }
}

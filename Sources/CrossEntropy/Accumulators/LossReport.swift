// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The results of one pass over a batch, including the loss.
public struct LossReport: Sendable, Equatable, Codable {
    /// The reduced loss, in nats.
    public let loss: Double
    /// The number of elements that count.
    public let count: Int
    /// The number of elements that do not count: masked, or with a missing target.
    public let ignoredCount: Int
    /// The sum of the weights of the elements that count.
    public let weightSum: Double
    /// The number of elements whose loss was changed by `clipping`.
    public let clippedCount: Int
    /// The number of elements whose prediction is certain: a probability of 0 or 1, or a logit whose probability rounds
    /// to 0 or 1 in the result type.
    public let saturatedCount: Int
    /// The standard error of the mean (or weighted mean), in nats, estimated from the spread of the losses as if they
    /// were drawn independently. For the sum, it is the standard error of the mean times the count. NaN for fewer than
    /// two elements.
    ///
    ///     mean           sqrt((sum z^2 - (sum z)^2 / n) / (n (n - 1))),   z = w l
    ///     weighted mean  sqrt(n / (n - 1) sum w^2 (l - m)^2) / sum w      (Cochran 1977, 6.4, of a ratio)
    ///
    /// A value below about 1e-8 of the loss is rounding error; for Float, whose losses are rounded to Float, below
    /// about 1e-7.
    public let standardError: Double
}

extension LossReport {
    /// - Parameters:
    ///   - sums: the sums of losses and weights.
    ///   - elements: the number of elements, including those that do not count.
    init(
        _ sums: SliceSums, _ spread: LossSpread, elements: Int, clipped: Int, saturated: Int,
        _ reduction: BinaryCrossEntropy.Reduction
    ) {
        let count = Int(sums.count)
        self.init(
            loss: sums.reduced(reduction), count: count, ignoredCount: elements - count,
            weightSum: sums.weight.value, clippedCount: clipped, saturatedCount: saturated,
            standardError: spread.standardError(reduction))
    }
}

extension BinaryCrossEntropy {
    /// The reduced loss with counts and its standard error, in one pass.
    ///
    /// Logarithms are computed for every element, as with weights. A report is therefore slower than `loss(_:)` where
    /// that computes the logarithm of a product instead. The two losses agree to within the accuracy of both.
    public func report<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> LossReport {
        try report(batch.memory)
    }

    @usableFromInline
    package func report(_ batch: BatchMemory) throws(CrossEntropyError) -> LossReport {
        try evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            try evaluation.report()
        }
    }
}

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

extension BinaryCrossEntropy {
    /// The reduced loss with counts and its standard error, in one pass.
    ///
    /// Logarithms are computed for every element, as with weights. A report is therefore slower than `loss(_:)` where
    /// that computes the logarithm of a product instead. The two losses agree to within the accuracy of both.
    public func report<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> LossReport {
        try report(batch.memory)
    }

    @usableFromInline
    func report(_ batch: BatchMemory) throws(CrossEntropyError) -> LossReport {
        var sums = ReportSums()
        try add(batch, to: &sums)
        return sums.report(reduction)
    }

    /// Adds the sums that a report on a batch needs.
    package func add<P>(
        _ batch: borrowing LossBatch<P>, to sums: inout ReportSums
    ) throws(CrossEntropyError) {
        try add(batch.memory, to: &sums)
    }

    private func add(_ batch: BatchMemory, to sums: inout ReportSums) throws(CrossEntropyError) {
        let evaluation = try Evaluation(self, batch)
        for index in 0..<evaluation.schedule.tiles {
            evaluation.forEachSlice(evaluation.schedule.range(index)) { slice in
                sums.add(slice.moments(evaluation.formula, evaluation.level))
            }
        }
        try evaluation.refuse(if: sums.isOutside)
        sums.elements += evaluation.batch.count
    }
}

/// The sums that a report is computed from, over all tiles of one or more batches.
package struct ReportSums {
    private var sums = BatchSums()
    /// The sum of the losses after rounding. `squaredLoss` is the sum of the squares of the same values.
    private var roundedLoss = ExactSum()
    private var squaredLoss = ExactSum()
    private var weightByLoss = ExactSum()
    private var squaredWeight = ExactSum()
    private var (clipped, saturated) = (0.0, 0.0)
    fileprivate var elements = 0

    package init() {}

    /// Whether an element that counts is outside its domain.
    fileprivate var isOutside: Bool { sums.isOutside }

    /// Adds the sums of other elements. The order does not matter.
    package mutating func merge(_ other: ReportSums) {
        sums.add(other.sums)
        roundedLoss.add(other.roundedLoss)
        squaredLoss.add(other.squaredLoss)
        weightByLoss.add(other.weightByLoss)
        squaredWeight.add(other.squaredWeight)
        clipped += other.clipped
        saturated += other.saturated
        elements += other.elements
    }

    fileprivate mutating func add(_ slice: (sums: SliceSums, moments: Moments)) {
        sums.add(slice.sums)
        roundedLoss.add(slice.moments.loss)
        squaredLoss.add(slice.moments.squaredLoss)
        weightByLoss.add(slice.moments.weightByLoss)
        squaredWeight.add(slice.moments.squaredWeight)
        clipped += slice.moments.clipped
        saturated += slice.moments.saturated
    }

    package func report(_ reduction: BinaryCrossEntropy.Reduction) -> LossReport {
        let count = Int(sums.count)
        return LossReport(
            loss: sums.rounded.reduced(reduction), count: count, ignoredCount: elements - count,
            weightSum: sums.weight.value, clippedCount: Int(clipped), saturatedCount: Int(saturated),
            standardError: standardError(reduction))
    }

    private func standardError(_ reduction: BinaryCrossEntropy.Reduction) -> Double {
        let count = sums.count
        guard count > 1 else { return .nan }
        switch reduction {
        case .mean, .sum:
            let mean = roundedLoss.scaled / ScaledDouble(count)
            let ofMean = (max(0, squaredLoss.value - roundedLoss.value * mean) / (count * (count - 1)))
                .squareRoot()
            return reduction == .sum ? ofMean * count : ofMean
        case .weightedMean:
            let mean = roundedLoss.scaled / sums.weight.scaled
            let spread = squaredLoss.value - 2 * mean * weightByLoss.value + mean * mean * squaredWeight.value
            return (max(0, spread) * count / (count - 1)).squareRoot() / sums.weight.value
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The loss of one group of a `GroupedLosses`, in nats.
///
/// The losses are those that `BinaryCrossEntropy.losses(_:)` returns: Floats unless the predictions are Doubles. Sums of
/// numbers of one sign are correct to within m 2^-53, where m is the number of elements of the group that are first
/// added in Double (see `GroupedLosses`), and to within 2^-52 if there are none.
public struct GroupLoss: Sendable, Equatable {
    let sums: GroupSums
    let weights: GroupWeights

    /// The number of elements that count.
    public var count: Int { sums.count }

    /// The sum of the targets of the elements that count, each rounded to a multiple of 2^-24: the number of positive
    /// elements if targets are 0 or 1.
    public var targetSum: Double { sums.targetSum }

    /// The sum of the weights of the elements that count; the count if there are no weights.
    public var weightSum: Double { weights.weights.value }

    /// The sum of the weighted losses; infinite if it exceeds the range of Double.
    public var sum: Double { sums.losses.value }

    /// The sum divided by the number of elements that count; NaN if there are none.
    public var mean: Double { loss(.mean) }

    /// The sum, the mean, or the sum divided by the sum of the weights. A mean of no elements is NaN.
    public func loss(_ reduction: BinaryCrossEntropy.Reduction) -> Double { spread.sums.reduced(reduction) }

    /// The standard error of the loss; see `LossReport.standardError`. NaN for fewer than two elements.
    public func standardError(_ reduction: BinaryCrossEntropy.Reduction) -> Double {
        spread.standardError(reduction)
    }

    private var spread: LossSpread {
        var total = SliceSums()
        (total.loss, total.count, total.weight) = (sums.losses.scaled, Double(count), weights.weights.scaled)
        return LossSpread(
            sums: total, squaredLosses: sums.squaredLosses.value,
            weightedLosses: weights.weightedLosses.value, squaredWeights: weights.squaredWeights.value)
    }
}

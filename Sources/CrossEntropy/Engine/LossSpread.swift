// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The sums from which a standard error is computed, over elements with weights w, losses l and weighted losses z = w
/// l.
struct LossSpread {
    /// The sums of z, 1 and w.
    let sums: SliceSums
    /// The sums of z^2, w z and w^2.
    let squaredLosses, weightedLosses, squaredWeights: Double

    /// See `LossReport.standardError` for the formulas. NaN for fewer than two elements.
    func standardError(_ reduction: BinaryCrossEntropy.Reduction) -> Double {
        let count = sums.count
        guard count > 1 else { return .nan }
        let mean = sums.loss / sums.divisor(reduction == .weightedMean ? .weightedMean : .mean)
        switch reduction {
        case .mean, .sum:
            let ofMean = (Self.notNegative(squaredLosses - sums.loss.value * mean) / (count * (count - 1)))
                .squareRoot()
            return reduction == .sum ? ofMean * count : ofMean
        case .weightedMean:
            let spread = squaredLosses - 2 * mean * weightedLosses + mean * mean * squaredWeights
            return (Self.notNegative(spread) * count / (count - 1)).squareRoot() / sums.weight.value
        }
    }

    /// A difference that would be 0 without rounding may be below it. NaN, from infinite losses, remains.
    private static func notNegative(_ number: Double) -> Double { number < 0 ? 0 : number }
}

extension LossSpread {
    /// The sums of one slice.
    init(_ sums: SliceSums, _ moments: Moments) {
        var rounded = sums
        rounded.loss = ScaledDouble(moments.loss)
        self.init(
            sums: rounded, squaredLosses: moments.squaredLoss, weightedLosses: moments.weightByLoss,
            squaredWeights: moments.squaredWeight)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import enum CrossEntropyVectorMath.LogitBins

/// The elements whose predictions are in one bin, and how often their targets were positive.
public struct ReliabilityBin: Sendable, Equatable, Codable {
    /// The borders of the bin: probabilities, or logits.
    public let lower: Double
    public let upper: Double
    /// The number of elements.
    public let count: Int
    /// The sum of their weights.
    public let weightSum: Double
    /// The weighted mean of their predicted probabilities.
    public let meanPrediction: Double
    /// The weighted mean of their targets.
    public let meanTarget: Double
    /// The 95% interval of `meanTarget` (Wilson 1927). With weights, the number of elements is (sum w)^2 / sum w^2
    /// (Kish 1965). The interval is too wide for soft targets, because these vary less than targets of 0 and 1.
    public let meanTargetInterval: ConfidenceInterval

    init(_ borders: (lower: Double, upper: Double), _ total: ScoreTotal) {
        (lower, upper) = borders
        count = total.count
        weightSum = total.weight
        meanPrediction = total.prediction / total.weight
        meanTarget = total.positives / total.weight
        meanTargetInterval = ConfidenceInterval(
            proportion: meanTarget, count: total.weight / total.squaredWeight * total.weight)
    }
}

extension BinaryEvaluation {
    /// The bins of equal width in probability that are not empty, in ascending order. A bin has the probabilities above
    /// its lower border, up to and including its upper one; the first bin also has 0. These are the bins, and the
    /// means, of scikit-learn's `calibration_curve` with the strategy "uniform".
    ///
    /// A prediction of NaN is counted in the last bin, whose mean prediction is then NaN.
    public var reliability: [ReliabilityBin] {
        let step = 1 / Double(binCount)
        return (0..<binCount).compactMap { index in
            let upper = index == binCount - 1 ? 1 : Double(index + 1) * step
            return bin((Double(index) * step, upper), scores.byProbability.total(index..<index + 1))
        }
    }

    /// The bins of width 1 in log-odds that are not empty, in ascending order. They distinguish predictions close to 0,
    /// or close to 1, that are in the same bin of `reliability`. Logits of at most -40, and of at least 40, are in one
    /// more bin at each end. A bin includes the border that is nearer to 0, and 0 is in the bin above it.
    public var logOddsReliability: [ReliabilityBin] {
        let sides = LogitBins.groupsPerSide
        let borders = (0..<sides).map { LogitBins.lowerBorder(ofGroup: $0) } + [.infinity]
        // The groups on the positive side whose lower border is an integer, and the end of the last group.
        let starts = (0..<sides).filter { borders[$0] == borders[$0].rounded() } + [sides]
        let positive = zip(starts, starts.dropFirst()).compactMap { start, end in
            bin((borders[start], borders[end]), scores.byLogit.total(sides + start..<sides + end))
        }
        let negative = zip(starts, starts.dropFirst()).compactMap { start, end in
            bin((-borders[end], -borders[start]), scores.byLogit.total(sides - end..<sides - start))
        }
        return negative.reversed() + positive
    }

    private func bin(_ borders: (Double, Double), _ total: ScoreTotal) -> ReliabilityBin? {
        total.count == 0 ? nil : ReliabilityBin(borders, total)
    }
}

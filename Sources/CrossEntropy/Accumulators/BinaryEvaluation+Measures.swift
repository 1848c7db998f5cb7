// SPDX-License-Identifier: Apache-2.0

extension BinaryEvaluation {
    /// The number of elements that count.
    public var count: Int { losses.count }

    /// The sum of the weights; the count if there are no weights.
    public var weightSum: Double { losses.weightSum }

    /// The weighted mean of the losses, in nats; NaN if there are none.
    public var logLoss: Double { losses.weightedMean }

    /// The standard error of `logLoss`, in nats, estimated from the spread of the losses as if they were drawn
    /// independently; see `LossReport.standardError`. NaN for fewer than two elements.
    public var standardError: Double { losses.report(.weightedMean)?.standardError ?? .nan }

    /// The 95% confidence interval of `logLoss` by the normal approximation: 1.96 standard errors in either direction.
    public var logLossInterval: ConfidenceInterval {
        let half = ConfidenceInterval.normalQuantile * standardError
        return ConfidenceInterval(lower: logLoss - half, upper: logLoss + half)
    }

    /// The weighted mean of the targets, in [0, 1]: the rate of positives.
    public var baseRate: Double { scores.total.positives / scores.total.weight }

    /// The weighted mean of the predicted probabilities.
    public var meanPrediction: Double { scores.total.prediction / scores.total.weight }

    /// The mean prediction divided by the base rate: 1.05 means that predictions are 5% too high on average. Infinite
    /// or NaN without positives.
    public var calibrationRatio: Double { scores.total.prediction / scores.total.positives }

    /// The log loss divided by that of always predicting the base rate, which is the entropy of the base rate (He et
    /// al. 2014, "Practical Lessons from Predicting Clicks on Ads at Facebook", section 3). It is below 1 if the
    /// predictions are better than the base rate. If all targets are 0 or all are 1, that entropy is 0, and the result
    /// is infinite, or NaN if the log loss is also 0.
    public var normalizedEntropy: Double {
        let rate = [baseRate]
        guard let entropy = try? BinaryCrossEntropy.exact.loss(probabilities: rate, targets: rate) else {
            return .nan
        }
        return logLoss / entropy
    }

    /// The weighted mean of (p - t)^2, in [0, 1]. Brier (1950) sums this over both classes and gets twice the value.
    public var brierScore: Double { scores.squaredError.value / scores.total.weight }

    /// The mean over `binCount` bins of equal width, weighted by the weights in each bin, of the distance between its
    /// mean prediction and its mean target (Naeini et al. 2015; Guo et al. 2017, equation 3).
    ///
    /// It depends on the number of bins, and is above 0 even for calibrated predictions: in a bin with n elements,
    /// chance alone causes a distance of about sqrt(p (1 - p) / n).
    public var expectedCalibrationError: Double {
        // A bin in which all weights are 0 has no means.
        let distances = reliability.filter { $0.weightSum != 0 }.map {
            $0.weightSum * ($0.meanPrediction - $0.meanTarget).magnitude
        }
        return distances.reduce(0, +) / scores.total.weight
    }
}

/// A 95% confidence interval. Both bounds are NaN if there are too few elements.
public struct ConfidenceInterval: Sendable, Equatable, Codable {
    public let lower: Double
    public let upper: Double

    /// The 97.5% quantile of the normal distribution.
    package static let normalQuantile = 1.959963984540054

    init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// The interval for a proportion observed in `count` independent elements (Wilson 1927). Its width is positive even
    /// for proportions of 0 and 1.
    init(proportion: Double, count: Double) {
        let square = Self.normalQuantile * Self.normalQuantile / count
        let center = (proportion + square / 2) / (1 + square)
        let half = (proportion * (1 - proportion) * square + square * square / 4).squareRoot() / (1 + square)
        let (lower, upper) = (center - half, center + half)
        // For proportions of 0 and 1, rounding may lead outside [0, 1]. NaN remains, because comparisons with it are
        // false.
        self.init(lower: lower < 0 ? 0 : lower, upper: upper > 1 ? 1 : upper)
    }
}

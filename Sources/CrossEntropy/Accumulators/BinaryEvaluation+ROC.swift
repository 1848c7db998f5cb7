// SPDX-License-Identifier: Apache-2.0

/// The area under the receiver operating characteristic, and a bound of its error.
public struct AreaUnderROC: Sendable, Equatable, Codable {
    public let value: Double
    /// The exact area is in [value - error, value + error].
    public let error: Double
}

extension BinaryEvaluation {
    /// The probability that a random positive has a higher prediction than a random negative, where equal predictions
    /// count one half (Hanley and McNeil 1982). An element with target t and weight w is a positive of weight w t and a
    /// negative of weight w (1 - t). NaN if there are no positives or no negatives.
    ///
    /// It is computed from a histogram of the logits, whose bins are 1/512 wide near 0 and 1/64 wide near 40.
    /// Predictions in the same bin count as equal. If bin b has positives of weight P_b and negatives of weight N_b,
    /// and the totals are P and N, then
    ///
    ///     error = 1/2 sum_b P_b N_b / (P N)
    ///
    /// is the largest possible difference from the exact area, in which each pair within a bin counts 0, one half or 1
    /// and not always one half. The bound holds if no weight is negative and predictions are logits. The logits
    /// computed from probabilities that differ by only a few units in the last place may be in the wrong order, which
    /// matters only if these logits are in different bins.
    public var areaUnderROC: AreaUnderROC {
        let labels = scores.byLogit.labels
        let total = scores.total
        var (below, area, error) = (0.0, 0.0, 0.0)
        for place in stride(from: 0, to: labels.count, by: 2) {
            let negatives = labels[place].value / total.negatives
            let positives = labels[place + 1].value / total.positives
            area += positives * (below + negatives / 2)
            error += positives * negatives / 2
            below += negatives
        }
        // Without positives or negatives, a quotient above is NaN. A NaN prediction has to be found separately, because
        // it has been counted in one of the bins.
        guard !total.prediction.isNaN else { return AreaUnderROC(value: .nan, error: .nan) }
        // Rounding may leave it a few units in the last place above 1.
        return AreaUnderROC(value: min(area, 1), error: error)
    }
}

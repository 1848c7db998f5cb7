// SPDX-License-Identifier: Apache-2.0

/// The area under the receiver operating characteristic, and how far it may be from the exact one.
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
    /// It is computed from a histogram of the logits, with bins from 1/512 wide near 0 to 1/64 wide near 40. Predictions
    /// in one bin are taken as equal. If a bin b has positives of weight P_b and negatives of weight N_b, of P and N in
    /// all, then
    ///
    ///     error = 1/2 sum_b P_b N_b / (P N)
    ///
    /// is the largest possible difference from the exact area, since the pairs within a bin count between 0 and 1
    /// instead of one half. For weights of at least 0, that bound is certain if predictions are logits. Probabilities
    /// that differ by a few units in the last place may get logits in the wrong order, which matters only if they are on
    /// both sides of a border between bins.
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
        // Without positives or negatives, a quotient above is NaN. A NaN prediction is in one of the bins.
        guard !total.prediction.isNaN else { return AreaUnderROC(value: .nan, error: .nan) }
        return AreaUnderROC(value: area, error: error)
    }
}

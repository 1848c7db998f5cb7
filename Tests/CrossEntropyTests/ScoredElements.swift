// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import TestSupport

/// The measures of a `BinaryEvaluation` in 80 bits, from their definitions: sorted or pairwise, without a histogram.
struct ScoredElements {
    struct Element {
        var probability: Reference
        /// Orders the predictions; the logit, unless probabilities are given.
        var score: Reference
        var target: Reference
        var weight: Reference = 1
        var loss: Reference
    }

    var elements: [Element]

    init(logits: [Double], targets: [Double], weights: [Double]? = nil) {
        elements = logits.indices.map { index in
            let (x, t) = (Reference(logits[index]), Reference(targets[index]))
            return Element(
                probability: ReferenceLoss.sigmoid(x), score: x, target: t,
                weight: Reference(weights?[index] ?? 1), loss: ReferenceLoss.logit(x, t))
        }
    }

    init(probabilities: [Double], targets: [Double], weights: [Double]? = nil) {
        elements = probabilities.indices.map { index in
            let (p, t) = (Reference(probabilities[index]), Reference(targets[index]))
            return Element(
                probability: p, score: p, target: t, weight: Reference(weights?[index] ?? 1),
                loss: ReferenceLoss.probability(p, t))
        }
    }

    func sum(_ term: (Element) -> Reference) -> Reference { elements.reduce(0) { $0 + term($1) } }

    func mean(_ value: (Element) -> Reference) -> Double {
        Double(sum { $0.weight * value($0) } / sum { $0.weight })
    }

    var logLoss: Double { mean { $0.loss } }
    var brierScore: Double { mean { ($0.probability - $0.target) * ($0.probability - $0.target) } }
    var baseRate: Double { mean { $0.target } }
    var meanPrediction: Double { mean { $0.probability } }

    /// sqrt(n / (n - 1) sum w^2 (l - m)^2) / sum w.
    var standardError: Double {
        let (n, mean) = (Reference(elements.count), Reference(logLoss))
        let spread = sum { $0.weight * $0.weight * ($0.loss - mean) * ($0.loss - mean) }
        return Double((n / (n - 1) * spread).squareRoot() / sum { $0.weight })
    }

    var normalizedEntropy: Double {
        let rate = Reference(baseRate)
        return Double(Reference(logLoss) / -(rate * log(rate) + (1 - rate) * log1p(-rate)))
    }

    /// All pairs of a positive and a negative, by sorting; equal scores count one half.
    var areaUnderROC: Double {
        let sorted = elements.sorted { $0.score < $1.score }
        var (below, area) = (0 as Reference, 0 as Reference)
        var start = 0
        while start < sorted.count {
            let equal = sorted[start...].prefix { $0.score == sorted[start].score }
            let positives = equal.reduce(0) { $0 + $1.weight * $1.target }
            let negatives = equal.reduce(0) { $0 + $1.weight * (1 - $1.target) }
            area += positives * (below + negatives / 2)
            below += negatives
            start += equal.count
        }
        return Double(area / (below * sum { $0.weight * $0.target }))
    }

    /// The elements between two borders, as scikit-learn's `calibration_curve` compares them: in (lower, upper], and in
    /// [lower, upper] for the first bin.
    func inBin(_ index: Int, of count: Int) -> ScoredElements {
        let step = 1 / Double(count)
        let lower = Reference(Double(index) * step)
        let upper = index == count - 1 ? 2 : Reference(Double(index + 1) * step)
        var copy = self
        copy.elements.removeAll {
            !($0.probability > lower || index == 0) || $0.probability > upper
        }
        return copy
    }

    func expectedCalibrationError(_ count: Int) -> Double {
        let total = (0..<count).map { inBin($0, of: count) }.filter { !$0.elements.isEmpty }.reduce(0) {
            $0 + $1.sum { $0.weight } * Reference(abs($1.meanPrediction - $1.baseRate))
        }
        return Double(total / sum { $0.weight })
    }
}

extension AreaUnderROC {
    /// The value and the error.
    var numbers: [Double] { [value, error] }
}

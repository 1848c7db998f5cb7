// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Soft and smoothed targets, whose sums also use the product form.
final class SoftTargetTests: XCTestCase {
    private var worst = (error: 0.0, name: "")

    func test_lossOfProbabilities_softFloats_within1e7() throws { try soft(Float.self) }
    func test_lossOfProbabilities_softDoubles_within1e14() throws { try soft(Double.self) }

    private func soft<S: LossScalar>(_: S.Type) throws {
        let draws: [(String, (inout SplitMix64) -> Double)] = [
            ("uniform", { .random(in: 0...1, using: &$0) }),
            ("good", { pow(.random(in: 0...1, using: &$0), 8) }),
            ("tiny", { exp(-.random(in: 1...60, using: &$0)) }),
        ]
        for count in [64, 65, 1000, 8191, 100_003] {
            for (name, draw) in draws {
                for seed in 1...(count > 10_000 ? 1 : 8) as ClosedRange<UInt64> {
                    var item = Case<S>.probabilities(name, count: count, seed: seed, wrong: draw)
                    // A certain prediction with a soft target has an infinite loss.
                    item.predictions = item.predictions.map { min($0, S(1).nextDown) }
                    var generator = SplitMix64(seed: seed + 100)
                    item.targets = item.targets.map {
                        $0 * S(Double.random(in: 0.5...1, using: &generator))
                            + (1 - $0) * S(pow(Double.random(in: 0...1, using: &generator), 4))
                    }
                    let exact = ReferenceLoss.sum(item.predictions, item.targets, ReferenceLoss.probability)
                    let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
                    let loss = try sum.loss(probabilities: item.predictions, targets: item.targets)
                    try compare(loss, exact, item.name, S.promise)
                }
            }
        }
        print("soft probabilities, \(S.self): relative error at most \(worst.error), \(worst.name)")
    }

    /// If all elements are equal, no rounding averages out: 2e-7 is promised.
    func test_lossOfProbabilities_softConstantFloats_within2e7() throws {
        var generator = SplitMix64(seed: 81)
        for round in 0..<3000 {
            var p = Double.random(in: 0...1, using: &generator)
            var t = Double.random(in: 0...1, using: &generator)
            if round % 3 == 0 { p = exp(-20 * p) }
            if round % 3 == 1 { t = exp(-20 * t) }
            let item = Case<Float>.constant(Float(p), Float(t), count: 64)
            let exact = ReferenceLoss.sum(item.predictions, item.targets, ReferenceLoss.probability)
            let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
            let loss = try sum.loss(probabilities: item.predictions, targets: item.targets)
            try compare(loss, exact, item.name, 2e-7)
        }
        print("soft constant probabilities, Float: relative error at most \(worst.error), \(worst.name)")
    }

    func test_lossOfLogits_smoothed_within1e7() throws {
        for count in [64, 1000, 8191] {
            for smoothing in [0.01, 0.1, 0.5, 1] {
                let item = Case<Float>.logits(spread: 3, .random, count: count, seed: UInt64(count))
                let smoothed = item.targets.map { Double($0) * (1 - smoothing) + smoothing / 2 }
                let exact = ReferenceLoss.sum(
                    item.predictions.map { Double($0) }, smoothed, ReferenceLoss.logit)
                let sum = try BinaryCrossEntropy(reduction: .sum, labelSmoothing: smoothing)
                let loss = try sum.loss(logits: item.predictions, targets: item.targets)
                try compare(loss, exact, "\(item.name) smoothing \(smoothing)", 1e-7)
            }
        }
        print("smoothed logits, Float: relative error at most \(worst.error), \(worst.name)")
    }

    /// One among valid ones, for both labels: a likelihood above 1 must not go unnoticed in a product.
    func test_loss_oneProbabilityOutsideAndUnchecked_isNaN() throws {
        let exact = try BinaryCrossEntropy.exact.with(domainChecks: .unchecked)
        for p: Float in [1.5, -0.5, Float(1).nextUp, -Float.leastNormalMagnitude, .infinity, -.infinity] {
            for t: Float in [0, 1, 0.5] {
                for index in [0, 100, 999] {
                    var item = Case<Float>.probabilities("good", count: 1000, seed: 82) {
                        .random(in: 0...0.1, using: &$0)
                    }
                    (item.predictions[index], item.targets[index]) = (p, t)
                    let loss = try exact.loss(probabilities: item.predictions, targets: item.targets)
                    XCTAssertTrue(loss.isNaN, "\(p) with target \(t) at \(index): \(loss)")
                }
            }
        }
    }

    private func compare(_ loss: Double, _ exact: Reference, _ name: String, _ bound: Double) throws {
        let error = Double(abs(Reference(loss) - exact) / exact)
        if error > worst.error { worst = (error, name) }
        XCTAssertLessThanOrEqual(error, bound, name)
    }
}

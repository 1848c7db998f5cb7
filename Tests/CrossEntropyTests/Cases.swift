// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// How the targets of a case are drawn.
enum Labels: String, CaseIterable { case agreeing, disagreeing, random, soft }

/// Predictions and targets of one kind, generated from a seed that every failure prints.
struct Case<S: LossScalar> {
    let name: String
    var predictions: [S]
    var targets: [S]

    static func logits(spread: Double, _ labels: Labels, count: Int, seed: UInt64) -> Case {
        var generator = SplitMix64(seed: seed)
        let x = (0..<count).map { _ in S(generator.normal() * spread) }
        let t = x.map { x -> S in
            switch labels {
            case .agreeing: x > 0 ? 1 : 0
            case .disagreeing: x > 0 ? 0 : 1
            case .random: Bool.random(using: &generator) ? 1 : 0
            case .soft: S(Double.random(in: 0...1, using: &generator))
            }
        }
        return Case(
            name: "logits spread \(spread) \(labels) n=\(count) seed=\(seed)", predictions: x, targets: t)
    }

    /// Predictions for 0/1 targets: `draw` returns the probability of the wrong label.
    static func probabilities(
        _ name: String, count: Int, seed: UInt64, wrong draw: (inout SplitMix64) -> Double
    ) -> Case {
        var generator = SplitMix64(seed: seed)
        var (p, t): ([S], [S]) = ([], [])
        for _ in 0..<count {
            let wrong = S(draw(&generator))
            let positive = Bool.random(using: &generator)
            t.append(positive ? 1 : 0)
            p.append(positive ? 1 - wrong : wrong)
        }
        return Case(name: "probabilities \(name) n=\(count) seed=\(seed)", predictions: p, targets: t)
    }

    static func constant(_ prediction: S, _ target: S, count: Int) -> Case {
        Case(
            name: "constant \(prediction), \(target) n=\(count)",
            predictions: [S](repeating: prediction, count: count),
            targets: [S](repeating: target, count: count))
    }
}

/// The counts for which accuracy is promised; 10^7 only in release builds, where the oracle takes seconds instead of
/// minutes.
func promisedCounts() -> [Int] {
    var isDebug = false
    assert(
        {
            isDebug = true; return true
        }())
    return [1, 15, 16, 17, 1000, 1_000_000] + (isDebug ? [] : [10_000_000])
}

extension LossScalar {
    /// The promised relative error of a reduced loss.
    static var promise: Double { Self.self == Float.self ? 1e-7 : 1e-14 }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Unreduced losses compared with the oracle: within 4 ulp of the element type.
final class UnreducedTests: XCTestCase {
    private func check<S: LossScalar>(
        _ results: [S], _ item: Case<S>, _ element: (S, S) -> Reference, _ worst: inout (Double, String)
    ) {
        for index in results.indices {
            let exact = element(item.predictions[index], item.targets[index])
            let rounded = S(exact)
            if rounded == results[index] { continue }
            let ulps = Double(abs(Reference(results[index]) - exact) / Reference(rounded.ulp))
            let input = "prediction \(item.predictions[index]), target \(item.targets[index])"
            if !(ulps <= worst.0) { worst = (ulps, input) }
            XCTAssertLessThanOrEqual(ulps, 4, "\(input), \(item.name): \(results[index]), exact \(exact)")
        }
    }

    private func logits<S: LossScalar>(_: S.Type) throws {
        var worst = (0.0, "")
        for spread in [0.1, 1, 10, 50, 200] {
            for labels in Labels.allCases {
                let item = Case<S>.logits(spread: spread, labels, count: 20_001, seed: 7)
                let losses = try BinaryCrossEntropy.exact.losses(
                    logits: item.predictions, targets: item.targets)
                check(losses, item, ReferenceLoss.logit, &worst)
            }
        }
        print("losses of logits, \(S.self): \(worst.0) ulp, \(worst.1)")
    }

    private func probabilities<S: LossScalar>(_: S.Type) throws {
        var worst = (0.0, "")
        for seed in 1...3 as ClosedRange<UInt64> {
            for exponent in [-30.0, -9, -3, -1] {
                var item = Case<S>.probabilities("10^\(exponent)..1", count: 20_001, seed: seed) {
                    pow(10, .random(in: exponent...0, using: &$0))
                }
                let hard = try BinaryCrossEntropy.exact.losses(
                    probabilities: item.predictions, targets: item.targets)
                check(hard, item, ReferenceLoss.probability, &worst)
                var generator = SplitMix64(seed: seed)
                item.targets = item.targets.map { _ in S(Double.random(in: 0...1, using: &generator)) }
                let soft = try BinaryCrossEntropy.exact.losses(
                    probabilities: item.predictions, targets: item.targets)
                check(soft, item, ReferenceLoss.probability, &worst)
            }
        }
        print("losses of probabilities, \(S.self): \(worst.0) ulp, \(worst.1)")
    }

    func test_lossesOfLogits_floats_within4Ulp() throws { try logits(Float.self) }
    func test_lossesOfLogits_doubles_within4Ulp() throws { try logits(Double.self) }
    func test_lossesOfProbabilities_floats_within4Ulp() throws { try probabilities(Float.self) }
    func test_lossesOfProbabilities_doubles_within4Ulp() throws { try probabilities(Double.self) }

    func test_losses_tails_areThoseOfWholeVectors() throws {
        let item = Case<Float>.logits(spread: 3, .random, count: 48, seed: 3)
        let whole = try BinaryCrossEntropy.exact.losses(logits: item.predictions, targets: item.targets)
        for count in 0...48 {
            let part = try BinaryCrossEntropy.exact.losses(
                logits: Array(item.predictions.prefix(count)), targets: Array(item.targets.prefix(count)))
            XCTAssertEqual(part, Array(whole.prefix(count)))
        }
    }
}

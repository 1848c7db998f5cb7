// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Reduced losses against the oracle: relative error within 1e-7 (Float, inputs exact) and 1e-14 (Double). For fewer than
/// 64 Floats only 2e-7 is promised, but all but one of these inputs stay within 1e-7.
final class AccuracyTests: XCTestCase {
    /// Large counts need few seeds, because their errors average out; at small counts a single element can be decisive.
    private func seeds(_ count: Int) -> Range<UInt64> { 1..<(count <= 17 ? 200 : count <= 1000 ? 20 : 2) }

    private func compareLogits<S: LossScalar>(_ item: Case<S>, _ worst: inout (Double, String)) throws {
        let exact = Double(ReferenceLoss.sum(item.predictions, item.targets, ReferenceLoss.logit))
        let sum = try BinaryCrossEntropy.exact.with(reduction: .sum)
            .loss(logits: item.predictions, targets: item.targets)
        compare(sum, exact, item, &worst)
    }

    private func compareProbabilities<S: LossScalar>(_ item: Case<S>, _ worst: inout (Double, String)) throws
    {
        let exact = Double(ReferenceLoss.sum(item.predictions, item.targets, ReferenceLoss.probability))
        let sum = try BinaryCrossEntropy.exact.with(reduction: .sum)
            .loss(probabilities: item.predictions, targets: item.targets)
        compare(sum, exact, item, &worst)
    }

    private func compare<S: LossScalar>(
        _ result: Double, _ exact: Double, _ item: Case<S>, _ worst: inout (Double, String)
    ) {
        let error = result == exact ? 0 : abs(result - exact) / abs(exact)
        if !(error <= worst.0) { worst = (error, item.name) }
        XCTAssertLessThanOrEqual(error, S.promise, "\(S.self), \(item.name): \(result), exact \(exact)")
    }

    private func logitsOfSpreads<S: LossScalar>(_: S.Type) throws {
        var worst = (0.0, "")
        for count in promisedCounts() {
            for spread in [0.1, 1, 10, 50] {
                // The oracle takes 0.1 us per element, so the largest counts are tested with two kinds of labels.
                for labels in count > 1000 ? [Labels.random, .agreeing] : Labels.allCases {
                    for seed in seeds(count) {
                        try compareLogits(
                            Case<S>.logits(spread: spread, labels, count: count, seed: seed), &worst)
                    }
                }
            }
        }
        print("loss of logits, \(S.self): relative error at most \(worst.0), \(worst.1)")
    }

    private func probabilitiesOfKinds<S: LossScalar>(_: S.Type) throws {
        var worst = (0.0, "")
        for count in promisedCounts() {
            for seed in seeds(count) {
                let items = [
                    Case<S>.probabilities("uniform", count: count, seed: seed) {
                        .random(in: 0.001...0.999, using: &$0)
                    },
                    .probabilities("good", count: count, seed: seed) {
                        0.5 * pow(.random(in: 0.001...1, using: &$0), 4)
                    },
                    .probabilities("about 1e-9", count: count, seed: seed) {
                        .random(in: 0.5e-9...2e-9, using: &$0)
                    },
                    .probabilities("about 1e-6", count: count, seed: seed) {
                        .random(in: 0.5e-6...2e-6, using: &$0)
                    },
                    .probabilities("about 1e-4", count: count, seed: seed) {
                        .random(in: 0.5e-4...2e-4, using: &$0)
                    },
                    .probabilities("from 1e-30 to 1 - 2^-24", count: count, seed: seed) {
                        Bool.random(using: &$0)
                            ? pow(10, .random(in: -30...0, using: &$0)) * 0.99 : 1 - 0x1p-24
                    },
                ]
                for item in count > 1000 ? Array(items.prefix(seed == 1 ? 6 : 2)) : items {
                    // 1 - 1e-9 is 1 in Float, and a loss of 0 has no relative error.
                    if item.predictions.contains(where: { $0 <= 0 }) { continue }
                    try compareProbabilities(item, &worst)
                }
            }
        }
        print("loss of probabilities, \(S.self): relative error at most \(worst.0), \(worst.1)")
    }

    func test_lossOfLogits_floatSpreads_within1e7() throws { try logitsOfSpreads(Float.self) }
    func test_lossOfLogits_doubleSpreads_within1e14() throws { try logitsOfSpreads(Double.self) }
    func test_lossOfProbabilities_floatKinds_within1e7() throws { try probabilitiesOfKinds(Float.self) }
    func test_lossOfProbabilities_doubleKinds_within1e14() throws { try probabilitiesOfKinds(Double.self) }

    /// Equal elements: rounding errors do not average out but add up.
    private func constants<S: LossScalar>(_: S.Type) throws {
        var worst = (0.0, "")
        for count in [1, 17, 1000, 8192, 100_003] {
            for p: S in [1e-30, 1e-9, 1e-6, 1e-4, 0.01, 0.1, 0.3, 0.4999, 0.5, 0.7, 0.999, 1 - 0x1p-24] {
                for t: S in [0, 1, 0.3] { try compareProbabilities(.constant(p, t, count: count), &worst) }
            }
            for x: S in [-100, -50, -20.723, -9.21, -1, -0.1, 0, 0.3, 2.7, 20.7, 85, 120] {
                for t: S in [0, 1, 0.3] { try compareLogits(.constant(x, t, count: count), &worst) }
            }
        }
        print("constant buffers, \(S.self): relative error at most \(worst.0), \(worst.1)")
    }

    func test_loss_constantFloats_within1e7() throws { try constants(Float.self) }
    func test_loss_constantDoubles_within1e14() throws { try constants(Double.self) }

    func test_lossOfLogits_softProbabilities_within1e7() throws {
        var worst = (0.0, "")
        for count in [1, 16, 17, 1000] {
            for seed in seeds(count) {
                var item = Case<Float>.probabilities("soft", count: count, seed: seed) {
                    .random(in: 0...1, using: &$0)
                }
                var generator = SplitMix64(seed: seed)
                item.targets = item.targets.map { _ in .random(in: 0...1, using: &generator) }
                try compareProbabilities(item, &worst)
            }
        }
    }

    /// Both 1 - t and its product with x lie close to the middle between two Floats.
    func test_lossOfLogits_oneSoftFloat_within2e7() throws {
        let (x, t): (Float, Float) = (20 + 0x1p-19, 0.5 - 3 * 0x1p-25)
        let exact = Double(ReferenceLoss.logit(x, t))
        let error = abs(try BinaryCrossEntropy.exact.loss(logits: [x], targets: [t]) - exact) / exact
        print("loss of one soft logit: relative error \(error)")
        XCTAssertLessThan(error, 2e-7)
        XCTAssertGreaterThan(error, 1e-7, "the documentation names this logit")
    }

    func test_lossOfLogits_oneCertainFloat_keepsTinyLoss() throws {
        for x: Float in [30, 87, 88, 100, 104, 150, 300, 700] {
            let exact = Double(ReferenceLoss.logit(x, 1))
            for (logit, target) in [(x, Float(1)), (-x, 0)] {
                let loss = try BinaryCrossEntropy.exact.loss(logits: [logit], targets: [target])
                XCTAssertEqual(loss, exact, accuracy: exact * 1e-7, "logit \(logit)")
            }
        }
    }
}

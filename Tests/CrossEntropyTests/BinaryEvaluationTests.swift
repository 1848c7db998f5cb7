// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// Every measure of a `BinaryEvaluation` compared with its definition in 80 bits.
final class BinaryEvaluationTests: XCTestCase {
    /// Sums in a slab have up to 2^18 terms, each rounded; here there are fewer than 2^15 (see `ScoreSlab`), and each
    /// probability is within 3 ulp.
    private let accuracy = 0x1p15 * 0x1p-53

    private struct Problem {
        var logits, targets: [Double]
        var weights: [Double]?

        init(_ count: Int, soft: Bool = false, weighted: Bool = false, spread: Double = 2, seed: UInt64) {
            var generator = SplitMix64(seed: seed)
            logits = (0..<count).map { _ in generator.normal() * spread - 1 }
            targets = logits.map { x in
                let p = 1 / (1 + exp(-x))
                return soft
                    ? Double.random(in: 0...1, using: &generator) * p
                    : Double.random(in: 0...1, using: &generator) < p ? 1 : 0
            }
            weights = weighted ? logits.map { _ in Double.random(in: 0...3, using: &generator) } : nil
        }
    }

    private func evaluation(
        _ problem: Problem, asProbabilities: Bool = false, _ bce: BinaryCrossEntropy = .exact
    ) throws -> BinaryEvaluation {
        var evaluation = try BinaryEvaluation()
        let predictions = asProbabilities ? try bce.probabilities(logits: problem.logits) : problem.logits
        let batch =
            asProbabilities
            ? ArrayBatch(probabilities: predictions, targets: problem.targets, weights: problem.weights)
            : ArrayBatch(logits: predictions, targets: problem.targets, weights: problem.weights)
        try bce.add(batch, to: &evaluation)
        return evaluation
    }

    private func check(_ evaluation: BinaryEvaluation, _ expected: ScoredElements, _ name: String) {
        func equal(_ value: Double, _ expected: Double, _ measure: String) {
            XCTAssertEqual(value, expected, accuracy: accuracy * max(1, abs(expected)), "\(measure), \(name)")
        }
        XCTAssertEqual(evaluation.count, expected.elements.count, name)
        equal(evaluation.weightSum, Double(expected.sum { $0.weight }), "weight sum")
        equal(evaluation.logLoss, expected.logLoss, "log loss")
        equal(evaluation.standardError, expected.standardError, "standard error")
        let (interval, quantile) = (evaluation.logLossInterval, 1.959963984540054)
        equal(interval.lower, expected.logLoss - quantile * expected.standardError, "lower")
        equal(interval.upper, expected.logLoss + quantile * expected.standardError, "upper")
        equal(evaluation.baseRate, expected.baseRate, "base rate")
        equal(evaluation.meanPrediction, expected.meanPrediction, "mean prediction")
        equal(evaluation.calibrationRatio, expected.meanPrediction / expected.baseRate, "calibration ratio")
        equal(evaluation.normalizedEntropy, expected.normalizedEntropy, "normalized entropy")
        equal(evaluation.brierScore, expected.brierScore, "Brier score")
        equal(evaluation.expectedCalibrationError, expected.expectedCalibrationError(10), "calibration error")
        let area = evaluation.areaUnderROC
        XCTAssertLessThanOrEqual(abs(area.value - expected.areaUnderROC), area.error + accuracy, name)
    }

    func test_measures_everyKindOfElements_areThoseOfTheDefinitions() throws {
        for level in KernelLevel.available {
            let bce = BinaryCrossEntropy.exact.at(level: level)
            for (soft, weighted) in [(false, false), (true, false), (false, true), (true, true)] {
                let problem = Problem(5003, soft: soft, weighted: weighted, seed: 91)
                let name = "\(level), soft \(soft), weighted \(weighted), seed 91"
                check(
                    try evaluation(problem, bce),
                    ScoredElements(
                        logits: problem.logits, targets: problem.targets, weights: problem.weights),
                    name)
                let probabilities = try bce.probabilities(logits: problem.logits)
                check(
                    try evaluation(problem, asProbabilities: true, bce),
                    ScoredElements(
                        probabilities: probabilities, targets: problem.targets, weights: problem.weights),
                    "probabilities, \(name)")
            }
        }
    }

    func test_measures_tutorial_areThoseByHand() throws {
        var evaluation = try BinaryEvaluation()
        try BinaryCrossEntropy.exact.add(
            ArrayBatch(probabilities: [0.1, 0.95, 0.2, 0.6], targets: [0, 1, 0, 0.0]), to: &evaluation)
        XCTAssertEqual(evaluation.count, 4)
        XCTAssertEqual(evaluation.logLoss, 0.3240220233084355, accuracy: 1e-15)
        // (0.01 + 0.0025 + 0.04 + 0.36) / 4
        XCTAssertEqual(evaluation.brierScore, 0.103125, accuracy: 1e-15)
        XCTAssertEqual(evaluation.baseRate, 0.25)
        XCTAssertEqual(evaluation.meanPrediction, 0.4625, accuracy: 1e-15)
        XCTAssertEqual(evaluation.calibrationRatio, 1.85, accuracy: 1e-15)
        // The entropy of 1/4 is ln 4 - 3/4 ln 3.
        XCTAssertEqual(
            evaluation.normalizedEntropy, 0.3240220233084355 / (log(4) - 0.75 * log(3)), accuracy: 1e-15)
        // (0.1 + 0.05 + 0.2 + 0.6) / 4
        XCTAssertEqual(evaluation.expectedCalibrationError, 0.2375, accuracy: 1e-15)
        XCTAssertEqual(evaluation.areaUnderROC.numbers, [1, 0])
        XCTAssertEqual(evaluation.reliability.map(\.upper), [0.1, 0.2, 0.6000000000000001, 1])
    }

    func test_areaUnderROC_variedScores_isWithinAUsefulError() throws {
        for (spread, seed) in [(1, 92), (2, 93), (6, 94)] as [(Double, UInt64)] {
            let problem = Problem(100_000, spread: spread, seed: seed)
            let expected = ScoredElements(logits: problem.logits, targets: problem.targets).areaUnderROC
            for asProbabilities in [false, true] {
                let area = try evaluation(problem, asProbabilities: asProbabilities).areaUnderROC
                XCTAssertLessThanOrEqual(abs(area.value - expected), area.error, "seed \(seed)")
                XCTAssertLessThan(area.error, 1e-3, "seed \(seed)")
            }
        }
    }

    func test_areaUnderROC_equalScores_countOneHalf() throws {
        var evaluation = try BinaryEvaluation()
        try BinaryCrossEntropy.exact.add(
            ArrayBatch(logits: [1, 1, 2, -1], targets: [true, false, true, false]), to: &evaluation)
        // Of the four pairs, one is equal and three are in order; the equal one may be anywhere within its bin.
        XCTAssertEqual(evaluation.areaUnderROC.numbers, [3.5 / 4, 0.5 / 4])
    }

    func test_weightOfTwo_isTheElementTwice() throws {
        var (weighted, repeated) = (try BinaryEvaluation(), try BinaryEvaluation())
        let problem = Problem(999, seed: 95)
        let (x, t) = (problem.logits, problem.targets)
        try BinaryCrossEntropy.exact.add(
            ArrayBatch(logits: x, targets: t, weights: x.map { _ in 2 }), to: &weighted)
        try BinaryCrossEntropy.exact.add(ArrayBatch(logits: x + x, targets: t + t), to: &repeated)
        XCTAssertEqual(weighted.weightSum, repeated.weightSum)
        XCTAssertEqual(weighted.areaUnderROC.value, repeated.areaUnderROC.value, accuracy: accuracy)
        XCTAssertEqual(weighted.logLoss, repeated.logLoss, accuracy: accuracy)
        XCTAssertEqual(weighted.brierScore, repeated.brierScore, accuracy: accuracy)
        for (a, b) in zip(weighted.reliability, repeated.reliability) {
            XCTAssertEqual(a.weightSum, b.weightSum)
            XCTAssertEqual(a.meanPrediction, b.meanPrediction, accuracy: accuracy)
            XCTAssertEqual(a.meanTarget, b.meanTarget, accuracy: accuracy)
            // (sum w)^2 / sum w^2 is the number of elements: equal weights tell nothing new.
            XCTAssertGreaterThan(
                a.meanTargetInterval.upper - a.meanTargetInterval.lower,
                b.meanTargetInterval.upper - b.meanTargetInterval.lower)
        }
    }
}

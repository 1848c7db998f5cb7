// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// Elements that do not count, invalid ones, and results without elements.
final class BinaryEvaluationEdgeTests: XCTestCase {
    private func evaluation<P, T>(
        _ batch: ArrayBatch<P, T>, _ bce: BinaryCrossEntropy = .exact
    ) throws -> BinaryEvaluation {
        var evaluation = try BinaryEvaluation()
        try bce.add(batch, to: &evaluation)
        return evaluation
    }

    func test_empty_hasNoMeans() throws {
        let empty = try evaluation(ArrayBatch(logits: [Float](), targets: [Float]()))
        XCTAssertEqual(empty, try BinaryEvaluation())
        XCTAssertEqual(empty.count, 0)
        XCTAssertEqual(empty.weightSum, 0)
        XCTAssertEqual(empty.logOddsReliability, [])
        for mean in [
            empty.logLoss, empty.standardError, empty.baseRate, empty.meanPrediction, empty.brierScore,
            empty.calibrationRatio, empty.normalizedEntropy, empty.expectedCalibrationError,
            empty.areaUnderROC.value, empty.areaUnderROC.error,
        ] { XCTAssertTrue(mean.isNaN) }
    }

    func test_oneClass_hasNoArea() throws {
        for (target, ratio) in [(0.0, Double.infinity), (1.0, 0.3)] {
            let one = try evaluation(ArrayBatch(probabilities: [0.2, 0.4], targets: [target, target]))
            XCTAssertTrue(one.areaUnderROC.value.isNaN)
            XCTAssertEqual(one.normalizedEntropy, .infinity)
            XCTAssertEqual(one.calibrationRatio, ratio, accuracy: 1e-15)
        }
        let certain = try evaluation(ArrayBatch(probabilities: [0.0, 0.0], targets: [0.0, 0.0]))
        XCTAssertTrue(certain.normalizedEntropy.isNaN)
    }

    func test_infiniteLogits_areCertain() throws {
        let certain = try evaluation(
            ArrayBatch(logits: [Float.infinity, -.infinity, 50, -50], targets: [true, false, true, false]))
        XCTAssertEqual(certain.areaUnderROC.numbers, [1, 0])
        XCTAssertEqual(certain.brierScore, 0, accuracy: 1e-40)
        let wrong = try evaluation(ArrayBatch(probabilities: [0.0, 1.0, 0.5], targets: [1.0, 0.0, 1.0]))
        XCTAssertEqual(wrong.logLoss, .infinity)
        XCTAssertEqual(wrong.areaUnderROC.numbers, [0, 0])
        XCTAssertEqual(wrong.brierScore, 0.75)
    }

    func test_clipping_affectsOnlyTheLogLoss() throws {
        let batch = ArrayBatch(probabilities: [0.0, 1.0, 0.5], targets: [1.0, 0.0, 1.0])
        let (exact, keras) = (try evaluation(batch), try evaluation(batch, .keras))
        XCTAssertEqual(keras.logLoss, try BinaryCrossEntropy.keras.loss(batch), accuracy: 1e-14)
        XCTAssertEqual(keras.brierScore, exact.brierScore)
        XCTAssertEqual(keras.reliability, exact.reliability)
        XCTAssertEqual(keras.areaUnderROC, exact.areaUnderROC)
    }

    func test_nanPrediction_isInEveryMean() throws {
        for level in KernelLevel.available {
            for count in [3, 16, 100] {
                var predictions = [Double](repeating: 0.25, count: count)
                predictions[count / 2] = .nan
                let targets = (0..<count).map { $0 % 2 == 0 }
                let bce = BinaryCrossEntropy.exact.at(level: level)
                for batch in [
                    ArrayBatch(logits: predictions, targets: targets),
                    ArrayBatch(probabilities: predictions, targets: targets),
                ] {
                    let result = try evaluation(batch, bce)
                    XCTAssertEqual(result.count, count)
                    for mean in [
                        result.logLoss, result.meanPrediction, result.brierScore, result.calibrationRatio,
                        result.expectedCalibrationError, result.areaUnderROC.value,
                        result.areaUnderROC.error, result.normalizedEntropy,
                    ] { XCTAssertTrue(mean.isNaN, "\(level), \(count)") }
                }
            }
        }
    }

    func test_maskedAndMissing_doNotCount() throws {
        let logits: [Float] = [1, .nan, -2, 3, 0.5]
        let kept = try evaluation(
            ArrayBatch(logits: [1, -2, 0.5] as [Float], targets: [1, 0, 0.25] as [Float]))
        let mask = [true, false, true, false, true]
        let masked = try evaluation(
            ArrayBatch(logits: logits, targets: [1, 7, 0, .nan, 0.25] as [Float], mask: mask))
        assertSameMeasures(masked, kept)
        let missing = try evaluation(
            ArrayBatch(logits: logits, targets: [1, .nan, 0, .nan, 0.25] as [Float]),
            .exact.with(missingTargets: .nan))
        assertSameMeasures(missing, kept)
    }

    /// Evaluations with other numbers of ignored elements are not equal.
    private func assertSameMeasures(_ a: BinaryEvaluation, _ b: BinaryEvaluation, line: UInt = #line) {
        XCTAssertEqual(a.count, b.count, line: line)
        XCTAssertEqual(a.logLossInterval, b.logLossInterval, line: line)
        XCTAssertEqual(a.brierScore, b.brierScore, line: line)
        XCTAssertEqual(a.areaUnderROC, b.areaUnderROC, line: line)
        XCTAssertEqual(a.reliability, b.reliability, line: line)
        XCTAssertEqual(a.logOddsReliability, b.logOddsReliability, line: line)
    }

    func test_weightsByRowAndColumn_areProducts() throws {
        let problem = WeightedProblem(37, 5, .byBoth, seed: 111)
        let weights = (0..<37 * 5).map { problem.rowWeights[$0 / 5] * problem.columnWeights[$0 % 5] }
        let byBoth = try evaluation(
            ArrayBatch(
                logits: problem.logits, targets: problem.targets, columns: 5, rowWeights: problem.rowWeights,
                columnWeights: problem.columnWeights))
        let byElement = try evaluation(
            ArrayBatch(logits: problem.logits, targets: problem.targets, weights: weights))
        XCTAssertEqual(byBoth, byElement, problem.name)
        var byScalar = try BinaryEvaluation()
        try BinaryCrossEntropy.exact.add(
            LossBatch(logits: problem.logits.span, targets: problem.targets.span).weighted(by: 0.5),
            to: &byScalar)
        XCTAssertEqual(byScalar.weightSum, 0.5 * 37 * 5)
        XCTAssertEqual(byScalar.count, 37 * 5)
    }

    func test_outsideDomain_isRefused_andNothingIsAdded() throws {
        var total = try evaluation(ArrayBatch(logits: [1.0, 2], targets: [0.0, 1]))
        let before = total
        XCTAssertThrowsError(
            try BinaryCrossEntropy.exact.add(
                ArrayBatch(probabilities: [0.5, 1.5], targets: [0.0, 1]), to: &total)
        ) {
            XCTAssertEqual(
                $0 as? CrossEntropyError,
                .valueOutOfDomain(argument: "probabilities", index: 1, value: 1.5, domain: "[0, 1]"))
        }
        let bytes: [UInt8] = [0, 1, 7]
        XCTAssertThrowsError(
            try BinaryCrossEntropy.exact.add(ArrayBatch(logits: [1.0, 2, 3], targets: bytes), to: &total)
        ) {
            XCTAssertEqual(
                $0 as? CrossEntropyError,
                .valueOutOfDomain(argument: "targets", index: 2, value: 7, domain: "[0, 1]"))
        }
        XCTAssertEqual(total, before)
    }
}

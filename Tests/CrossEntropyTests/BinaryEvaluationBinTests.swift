// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// The reliability tables of a `BinaryEvaluation`.
final class BinaryEvaluationBinTests: XCTestCase {
    private func evaluation(
        _ probabilities: [Double], _ targets: [Double], binCount: Int = 10, _ bce: BinaryCrossEntropy = .exact
    ) throws -> BinaryEvaluation {
        var evaluation = try BinaryEvaluation(binCount: binCount)
        try bce.add(ArrayBatch(probabilities: probabilities, targets: targets), to: &evaluation)
        return evaluation
    }

    /// Multiples of 1/n, as NumPy computes them, and their neighbours: the border belongs to the bin below it.
    func test_reliability_borders_areThoseOfCalibrationCurve() throws {
        for level in KernelLevel.available {
            for binCount in [1, 2, 3, 7, 10, 49, 98, 1000] {
                let step = 1 / Double(binCount)
                let probabilities = (0...binCount).flatMap { index -> [Double] in
                    let border = min(1, Double(index) * step)
                    return [border, border.nextDown, border.nextUp].filter { (0...1).contains($0) }
                }
                let expected = ScoredElements(
                    probabilities: probabilities, targets: probabilities.map { _ in 0 })
                let bins = try evaluation(
                    probabilities, probabilities.map { _ in 0 }, binCount: binCount, .exact.at(level: level)
                ).reliability
                XCTAssertEqual(bins.count, binCount)
                for (index, bin) in bins.enumerated() {
                    let inBin = expected.inBin(index, of: binCount)
                    XCTAssertEqual(bin.count, inBin.elements.count, "\(index) of \(binCount), \(level)")
                    XCTAssertEqual(bin.meanPrediction, inBin.meanPrediction, accuracy: 1e-15)
                    XCTAssertEqual(bin.lower, Double(index) * step)
                }
            }
        }
    }

    func test_reliability_emptyBins_areLeftOut() throws {
        let bins = try evaluation([0.05, 0.07, 0.55, 0.95], [0, 1, 1, 1]).reliability
        XCTAssertEqual(bins.map(\.lower), [0, 0.5, 0.9])
        XCTAssertEqual(bins.map(\.count), [2, 1, 1])
        XCTAssertEqual(bins.map(\.meanTarget), [0.5, 1, 1])
        XCTAssertEqual(try evaluation([], []).reliability, [])
    }

    func test_meanTargetInterval_isWilsons() throws {
        // With z^2 = 3.841458820694124, (0.3 + z^2 / 20 -+ z sqrt(0.021 + z^2 / 400)) / (1 + z^2 / 10).
        let interval = try evaluation(
            [Double](repeating: 0.25, count: 10), [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
        ).reliability[0].meanTargetInterval
        XCTAssertEqual(interval.lower, 0.10779126740630102, accuracy: 1e-15)
        XCTAssertEqual(interval.upper, 0.6032218525388546, accuracy: 1e-15)
        let none = try evaluation([0.25], [0]).reliability[0].meanTargetInterval
        XCTAssertEqual(none.lower, 0)
        // z^2 / (1 + z^2)
        XCTAssertEqual(none.upper, 0.7934506856227626, accuracy: 1e-15)
    }

    func test_logOddsReliability_bins_areThoseOfTheLogits() throws {
        for level in KernelLevel.available {
            var generator = SplitMix64(seed: 101)
            var logits = (0..<4001).map { _ in generator.normal() * 15 }
            logits += [-.infinity, .infinity, 0, -0.0, 40, -40, 39.999, -39.999, 1000]
            logits += (-45...45).map { Double($0) }
            let targets = logits.map { _ in Double.random(in: 0...1, using: &generator) }
            let scored = ScoredElements(logits: logits, targets: targets)
            var evaluation = try BinaryEvaluation()
            try BinaryCrossEntropy.exact.at(level: level).add(
                ArrayBatch(logits: logits, targets: targets), to: &evaluation)
            let bins = evaluation.logOddsReliability
            XCTAssertEqual(bins.map(\.count).reduce(0, +), logits.count)
            XCTAssertEqual(bins.map(\.lower), bins.map(\.lower).sorted())
            for bin in bins {
                var inBin = scored
                // The border nearer to 0 belongs to the bin.
                inBin.elements.removeAll {
                    bin.lower >= 0
                        ? !($0.score >= Reference(bin.lower)
                            && ($0.score < Reference(bin.upper) || bin.upper == .infinity))
                        : !($0.score <= Reference(bin.upper)
                            && ($0.score > Reference(bin.lower) || bin.lower == -.infinity))
                            || $0.score == 0
                }
                XCTAssertEqual(bin.count, inBin.elements.count, "\(bin.lower), \(level)")
                // Each probability is within 3 ulp, and relative to it, so is their mean.
                XCTAssertEqual(
                    bin.meanPrediction, inBin.meanPrediction, accuracy: 1e-14 * inBin.meanPrediction)
                XCTAssertEqual(bin.meanTarget, inBin.baseRate, accuracy: 1e-14)
                XCTAssertTrue(bin.upper - bin.lower == 1 || abs(bin.lower) >= 40 || abs(bin.upper) >= 40)
            }
        }
    }
}

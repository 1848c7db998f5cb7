// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Sums, weights and scales beyond the range of a type whose result is within that range.
final class RangeTests: XCTestCase {
    private let exact = BinaryCrossEntropy.exact

    func test_loss_largeFloatLogits_isTheirMean() throws {
        for count in [2, 16, 64, 1000, 8192, 8193, 20_000] {
            let logits = [Float](repeating: 3e38, count: count)
            let targets = [Bool](repeating: false, count: count)
            XCTAssertEqual(
                try exact.loss(logits: logits, targets: targets), Double(Float(3e38)), "n = \(count)")
            let batch = try LossBatch(logits: logits.span, targets: targets.span, columns: count)
            XCTAssertEqual(try exact.rowLosses(batch), [Double(Float(3e38))], "n = \(count)")
            var gradient = [Float](repeating: 0, count: count)
            var span = gradient.mutableSpan
            XCTAssertEqual(
                try exact.loss(batch, writingGradientInto: &span), Double(Float(3e38)), "n = \(count)")
        }
    }

    func test_everyReduction_lossesOf1e308_areFinite() throws {
        for count in [2, 100, 5000, 10_000] {
            let logits = [Double](repeating: 1e308, count: count)
            let targets = [Bool](repeating: false, count: count)
            let batch = try LossBatch(logits: logits.span, targets: targets.span, columns: count)
            let column = try LossBatch(logits: logits.span, targets: targets.span, columns: 1)
            var total = LossAccumulator()
            try exact.add(batch, to: &total)
            XCTAssertEqual(try exact.with(reduction: .sum).loss(batch), .infinity, "n = \(count)")
            for (name, mean) in [
                ("mean", try exact.loss(batch)),
                ("weighted mean", try exact.with(reduction: .weightedMean).loss(batch)),
                ("row", try exact.rowLosses(batch)[0]), ("column", try exact.columnLosses(column)[0]),
                ("report", try exact.report(batch).loss), ("accumulator", total.mean),
            ] {
                XCTAssertEqual(mean, 1e308, accuracy: 1e-14 * 1e308, "\(name), n = \(count)")
            }
        }
    }

    func test_loss_infiniteLoss_staysInfinite() throws {
        var probabilities = [Double](repeating: 0.5, count: 10_000)
        probabilities[7000] = 0
        let targets = [Bool](repeating: true, count: 10_000)
        XCTAssertEqual(try exact.loss(probabilities: probabilities, targets: targets), .infinity)
        probabilities[5000] = .nan
        XCTAssertTrue(try exact.loss(probabilities: probabilities, targets: targets).isNaN)
    }

    func test_columnLosses_largeWeights_areTheirProducts() throws {
        let logits: [Float] = [10, 20, 30, 40]
        let targets = [false, false, false, false]
        let weights = [Float](repeating: 1e38, count: 4)
        let batch = try LossBatch(logits: logits.span, targets: targets.span, columns: 2)
        try assertColumnsTimes1e38(batch.weighted(byElement: weights.span))
        try assertColumnsTimes1e38(batch.weighted(byRow: weights.span.extracting(0..<2)))
        try assertColumnsTimes1e38(batch.weighted(byColumn: weights.span.extracting(0..<2)))
    }

    private func assertColumnsTimes1e38(_ batch: borrowing LossBatch<Float>) throws {
        let losses = try exact.columnLosses(batch)
        let columns = [[10.0, 30], [20.0, 40]]
        for (loss, column) in zip(losses, columns) {
            let expected = column.reduce(0) { $0 + log1p(exp($1)) } / 2
            XCTAssertEqual(loss / Double(Float(1e38)), expected, accuracy: 1e-6 * expected)
        }
    }

    func test_weightedMean_weightsOfAnySize_isThatOfOnes() throws {
        let (logits, targets) = ([0.0, 0, 0, 0, 0], [true, false, true, false, true])
        let floats = logits.map { Float($0) }
        let mean = exact.with(reduction: .weightedMean)
        for weight in [.leastNonzeroMagnitude, 0x1p-1030, 1e-200, 1e200, 1e308, 1.7e308] {
            let weights = [Double](repeating: weight, count: 5)
            try assertIsLogTwo(
                mean, LossBatch(logits: logits.span, targets: targets.span, columns: 5), weights, "\(weight)")
            try assertIsLogTwo(
                mean, LossBatch(logits: floats.span, targets: targets.span, columns: 5), weights,
                "Float, \(weight)")
        }
        for weight in [Float.leastNonzeroMagnitude, 0x1p-133, 1e-30, 1e30, 3e38] {
            let weights = [Float](repeating: weight, count: 5)
            try assertIsLogTwo(
                mean, LossBatch(logits: floats.span, targets: targets.span, columns: 5), weights,
                "Float weights, \(weight)")
        }
    }

    private func assertIsLogTwo<P, W: LossScalar>(
        _ mean: BinaryCrossEntropy, _ batch: borrowing LossBatch<P>, _ weights: [W], _ message: String
    ) throws {
        let accuracy = 2e-7
        let weighted = try batch.weighted(byElement: weights.span)
        XCTAssertEqual(try mean.loss(weighted), log(2.0), accuracy: accuracy, message)
        XCTAssertEqual(try mean.rowLosses(weighted)[0], log(2.0), accuracy: accuracy, message)
        XCTAssertEqual(try mean.report(weighted).loss, log(2.0), accuracy: accuracy, message)
        for loss in try mean.columnLosses(batch.weighted(byColumn: weights.span)) {
            XCTAssertEqual(loss, log(2.0), accuracy: accuracy, message)
        }
        let row = try batch.weighted(byRow: weights.span.extracting(0..<1))
        XCTAssertEqual(try mean.rowLosses(row)[0], log(2.0), accuracy: accuracy, message)
        XCTAssertEqual(try mean.loss(row), log(2.0), accuracy: accuracy, message)
        var total = LossAccumulator()
        try mean.add(weighted, to: &total)
        XCTAssertEqual(total.weightedMean, log(2.0), accuracy: accuracy, message)
        // s(0) - t is one half with either sign; five equal weights are one fifth each.
        for slope in try mean.gradient(weighted) {
            XCTAssertEqual(Double(slope).magnitude, 0.1, accuracy: accuracy, message)
        }
    }

    func test_gradient_scaleBeyondFloat_isTheProduct() throws {
        // e^-100 = 3.7e-44, which Float holds with five bits, times a scale beyond the range of Float.
        let logits: [Float] = [-88, -100, 2]
        let targets = [false, false, true]
        for scale in [1e39, 1e60, 1e-50] {
            var gradient = [Float](repeating: 0, count: 3)
            var span = gradient.mutableSpan
            try exact.with(reduction: .sum).writeGradient(
                LossBatch(logits: logits.span, targets: targets.span), into: &span, gradientScale: scale)
            for index in 0..<2 {
                let expected = Float(scale / (1 + exp(-Double(logits[index]))))
                XCTAssertEqual(gradient[index], expected, accuracy: 4 * expected.ulp, "scale \(scale)")
            }
        }
    }

    /// A power of two is a factor of every intermediate result, unless one of them is subnormal: e^-672 times the weight
    /// is 2.3e-321.
    func test_focalGradient_tinyWeight_isThatOfOne() throws {
        let (logits, targets) = ([-672.3, 0.5, -1], [0.9, 0, 1])
        let mean = try BinaryCrossEntropy(
            reduction: .weightedMean, positiveWeight: 0, focal: .init(gamma: 5))
        let batch = try LossBatch(logits: logits.span, targets: targets.span)
        let slopes = zip(try mean.gradient(batch.weighted(by: 0x1p-95)), try mean.gradient(batch))
        for (slope, expected) in slopes {
            XCTAssertEqual(slope, expected, accuracy: 8 * expected.ulp)
        }
    }

    func test_gradient_tinyProbability_isDividedBeforeItOverflows() throws {
        let count = 64
        let probabilities = [Float](repeating: 0x1.2p-129, count: count)
        let targets = [Bool](repeating: true, count: count)
        let expected = -1 / (Double(probabilities[0]) * Double(count))
        for slope in try exact.gradient(probabilities: probabilities, targets: targets) {
            XCTAssertEqual(Double(slope), expected, accuracy: 2e-7 * -expected)
        }
        let doubles = [Double](repeating: 0x1.1p-1024, count: count)
        for slope in try exact.gradient(probabilities: doubles, targets: targets) {
            XCTAssertEqual(slope, -1 / (doubles[0] * 64), accuracy: 1e-14 / (doubles[0] * 64))
        }
    }

    func test_focal_productOfLogitAndWeightOverflows_factorComesFirst() throws {
        // |x| positiveWeight is 3e308, and the factor is 0.1.
        let bce = try BinaryCrossEntropy(positiveWeight: 2, focal: .init(gamma: 1, alpha: 0.1))
        let losses = try bce.losses(logits: [-1.5e308, -.infinity], targets: [1.0, 1])
        XCTAssertEqual(losses[0], 3e307, accuracy: 1e-14 * 3e307)
        XCTAssertEqual(losses[1], .infinity)
    }

    func test_focal_smoothedNearCertain_keepsItsDigits() throws {
        // 1 - y is 5e-10 here, and would suffer cancellation if it were computed from y.
        let oracle = OptionOracle(smoothing: 1e-9, gamma: 2, alpha: 0.25)
        let loss = try oracle.options()
        let values = [1 - 1e-12, 1 - 1e-9, 0.5, 1e-9, 1e-12]
        for probability in values {
            for target in [0.0, 1] {
                let expected = Double(
                    oracle.loss(probability: Reference(probability), Reference(target), weight: 1))
                let actual = try loss.losses(probabilities: [probability], targets: [target])[0]
                XCTAssertEqual(
                    actual, expected, accuracy: 1e-14 * expected, "p = \(probability), t = \(target)")
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import XCTest

/// Certain predictions, infinities, NaN and empty input: each result follows from the definition or a framework's
/// source.
final class EdgeTests: XCTestCase {
    private func loss<S: LossScalar>(_ options: BinaryCrossEntropy, _ p: S, _ t: S) throws -> Double {
        let reduced = try options.loss(probabilities: [p], targets: [t])
        let element = try options.losses(probabilities: [p], targets: [t])[0]
        XCTAssertEqual(Double(element), reduced, accuracy: abs(reduced) * 1e-6, "\(p), \(t)")
        return reduced
    }

    func test_lossOfProbabilities_certain_exact() throws {
        for (p, t, expected) in [(0.0, 0.0, 0.0), (1, 1, 0), (0, 1, .infinity), (1, 0, .infinity)] {
            XCTAssertEqual(try loss(.exact, p, t), expected, "\(p), \(t)")
            XCTAssertEqual(try loss(.exact, Float(p), Float(t)), expected, "\(p), \(t)")
        }
        XCTAssertEqual(try loss(.exact, 0.0, 0.5), .infinity)
        XCTAssertEqual(try loss(.exact, 1.0, 0.5), .infinity)
    }

    /// Obtained by running Keras 3.15 on TensorFlow 2.21.
    func test_lossOfProbabilities_certain_keras() throws {
        XCTAssertEqual(try loss(.keras, Float(0), 1), 16.118095, accuracy: 1e-6)
        XCTAssertEqual(try loss(.keras, Float(1), 0), 15.942385, accuracy: 1e-6)
        XCTAssertEqual(try loss(.keras, Float(1), 1), 1.1920929e-07, accuracy: 1e-13)
        XCTAssertEqual(try loss(.keras, Float(0), 0), 1.0000001e-07, accuracy: 1e-13)
        XCTAssertEqual(try loss(.keras, 0.0, 1.0), 16.11809565, accuracy: 1e-8)
        XCTAssertEqual(try loss(.keras, 1.0, 0.0), 16.11809565, accuracy: 1e-8)
        XCTAssertEqual(try loss(.keras, 1.0, 1.0), 1.00000005e-07, accuracy: 1e-15)
    }

    /// Obtained by running torch 2.13: exactly 100, and 0 if the prediction is right.
    func test_lossOfProbabilities_certain_pyTorch() throws {
        for (p, t, expected) in [(0.0, 0.0, 0.0), (1, 1, 0), (0, 1, 100), (1, 0, 100)] {
            XCTAssertEqual(try loss(.pyTorch, p, t), expected, accuracy: 1e-13, "\(p), \(t)")
            XCTAssertEqual(try loss(.pyTorch, Float(p), Float(t)), expected, accuracy: 1e-13, "\(p), \(t)")
        }
        XCTAssertEqual(
            try BinaryCrossEntropy.pyTorch.losses(probabilities: [Float(0)], targets: [true]), [100])
    }

    func test_loss_certainAmongMany_isFound() throws {
        for index in [0, 15, 16, 500, 8191, 8192, 9999] {
            var p = [Float](repeating: 0.25, count: 10_000)
            p[index] = 1
            let t = [UInt8](repeating: 0, count: p.count)
            let rest = 9999 * -log1p(-0.25)
            XCTAssertEqual(try BinaryCrossEntropy.exact.loss(probabilities: p, targets: t), .infinity)
            let torch = try BinaryCrossEntropy.pyTorch.with(reduction: .sum).loss(
                probabilities: p, targets: t)
            XCTAssertEqual(torch, rest + 100, accuracy: 1e-7 * rest)
        }
    }

    func test_lossOfLogits_infinite_is0OrInfinityByLabel() throws {
        for (x, t, expected) in [
            (Double.infinity, 1.0, 0.0), (-.infinity, 0, 0), (.infinity, 0, .infinity),
            (-.infinity, 1, .infinity),
            (.infinity, 0.5, .infinity), (-.infinity, 0.5, .infinity),
        ] {
            for count in [1, 100] {
                var logits = [Double](repeating: -.infinity, count: count)
                var targets = [Double](repeating: 0, count: count)
                (logits[count - 1], targets[count - 1]) = (x, t)
                XCTAssertEqual(
                    try BinaryCrossEntropy.exact.loss(logits: logits, targets: targets), expected,
                    "\(x), \(t)")
                let floats = try BinaryCrossEntropy.exact.loss(
                    logits: logits.map(Float.init), targets: targets.map(Float.init))
                XCTAssertEqual(floats, expected, "Float \(x), \(t)")
            }
            XCTAssertEqual(try BinaryCrossEntropy.exact.losses(logits: [x], targets: [t]), [expected])
        }
    }

    func test_loss_nanAnywhere_isNaN() throws {
        let count = 8200
        for index in [0, 1, 15, 16, 63, 64, 4095, 8191, 8192, 8199] {
            var bad = [Float](repeating: 0.5, count: count)
            bad[index] = .nan
            let good = [Float](repeating: 0, count: count)
            for options in [BinaryCrossEntropy.exact, .keras, .pyTorch] {
                XCTAssertTrue(try options.loss(probabilities: bad, targets: good).isNaN, "p[\(index)]")
                XCTAssertTrue(try options.loss(probabilities: good, targets: bad).isNaN, "t[\(index)]")
                XCTAssertTrue(
                    try options.losses(probabilities: bad, targets: good)[index].isNaN, "p[\(index)]")
            }
            XCTAssertTrue(try BinaryCrossEntropy.exact.loss(logits: bad, targets: good).isNaN, "x[\(index)]")
            XCTAssertTrue(try BinaryCrossEntropy.exact.loss(logits: good, targets: bad).isNaN, "t[\(index)]")
            XCTAssertTrue(try BinaryCrossEntropy.exact.losses(logits: bad, targets: good)[index].isNaN)
        }
    }

    func test_lossOfProbabilities_outsideUnitIntervalAndUnchecked_isNaNUnlessClipped() throws {
        let exact = try BinaryCrossEntropy.exact.with(domainChecks: .unchecked)
        for p: Float in [-0.5, 1.5, -.infinity, .infinity] {
            for count in [2, 100] {  // an even number of wrong signs
                let predictions = [Float](repeating: p, count: count)
                for t: Float in [0, 1] {
                    let targets = [Float](repeating: t, count: count)
                    XCTAssertTrue(
                        try exact.loss(probabilities: predictions, targets: targets).isNaN, "\(p), \(t)")
                    XCTAssertTrue(
                        try BinaryCrossEntropy.keras.loss(probabilities: predictions, targets: targets)
                            .isFinite)
                }
            }
        }
    }

    func test_loss_nothing_isNaNAsMeanAnd0AsSum() throws {
        XCTAssertTrue(try BinaryCrossEntropy.exact.loss(logits: [Float](), targets: [Float]()).isNaN)
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        XCTAssertEqual(try sum.loss(probabilities: [Double](), targets: [Bool]()), 0)
        XCTAssertEqual(try sum.losses(logits: [Double](), targets: [Double]()), [])
    }

    func test_loss_terriblePredictions_leaveTheProductsRange() throws {
        let p = [Double](repeating: 1e-30, count: 5000)
        let t = [Bool](repeating: true, count: 5000)
        XCTAssertEqual(
            try BinaryCrossEntropy.exact.loss(probabilities: p, targets: t), -log(1e-30), accuracy: 69 * 1e-14
        )
        XCTAssertEqual(
            try BinaryCrossEntropy.exact.loss(probabilities: p.map { Float($0) }, targets: t),
            -log(Double(Float(1e-30))), accuracy: 69 * 1e-7)
    }

    func test_focalAlpha_ofNothing_leavesInfiniteLossesOut() throws {
        for (alpha, logit, target) in [(1.0, Double.infinity, 0.0), (0.0, -.infinity, 1.0)] {
            for gamma in [0.0, 2.0] {
                let focal = try BinaryCrossEntropy(focal: .init(gamma: gamma, alpha: alpha))
                XCTAssertEqual(try focal.loss(logits: [logit], targets: [target]), 0, "\(alpha) \(gamma)")
                let probability = logit > 0 ? 1.0 : 0
                XCTAssertEqual(
                    try focal.loss(probabilities: [probability], targets: [target]), 0, "\(alpha) \(gamma)")
            }
        }
    }
}

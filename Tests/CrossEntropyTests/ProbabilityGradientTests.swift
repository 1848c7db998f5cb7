// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import XCTest

/// Gradients with respect to probabilities near 0 and 1, under each convention. The figures for PyTorch and Keras are
/// those that they print.
final class ProbabilityGradientTests: XCTestCase {
    private func gradient(_ options: BinaryCrossEntropy, _ p: Double, _ t: Double) throws -> Double {
        try options.with(reduction: .sum).gradient(probabilities: [p], targets: [t])[0]
    }

    func test_exact_certain_hasOneSidedDerivatives() throws {
        XCTAssertEqual(try gradient(.exact, 0, 0), 1)
        XCTAssertEqual(try gradient(.exact, 1, 1), -1)
        XCTAssertEqual(try gradient(.exact, 0, 1), -.infinity)
        XCTAssertEqual(try gradient(.exact, 1, 0), .infinity)
        XCTAssertEqual(try gradient(.exact, 1e-30, 1), -1e30, accuracy: 1e15)
    }

    func test_keras_outsideItsBounds_isZero() throws {
        for (p, t) in [(0, 1), (1, 0), (0, 0), (1e-8, 1)] as [(Double, Double)] {
            XCTAssertEqual(try gradient(.keras, p, t), 0, "p = \(p)")
            XCTAssertEqual(try gradient(.keras2, p, t), 0, "p = \(p)")
        }
        XCTAssertEqual(try gradient(.keras, 1e-7, 1), -1e7, accuracy: 1)
        // Keras 2 adds its epsilon to p: -1 / (0.5 + 1e-7).
        XCTAssertEqual(try gradient(.keras2, 0.5, 1), -1 / (0.5 + 1e-7), accuracy: 1e-14)
        XCTAssertEqual(try gradient(.scikitLearn, 0, 1), 0)
    }

    func test_pyTorch_saturated_hasItsBoundedDenominator() throws {
        XCTAssertEqual(try gradient(.pyTorch, 0, 1), -1000000003995.8029, accuracy: 1e-3)
        XCTAssertEqual(try gradient(.pyTorch, 1, 0), 1000000003995.8029, accuracy: 1e-3)
        XCTAssertEqual(try gradient(.pyTorch, 0, 0), 0)
        XCTAssertEqual(try gradient(.pyTorch, 0.25, 1), -4, accuracy: 1e-15)
    }

    func test_boundedFactors_saturated_survives() throws {
        let options = try BinaryCrossEntropy.exact.with(probabilityGradient: .boundedFactors(epsilon: 1e-7))
        XCTAssertEqual(try gradient(options, 0, 1), -1e7, accuracy: 1e-8)
        XCTAssertEqual(try gradient(options, 1, 0), 1e7, accuracy: 1e-8)
        XCTAssertEqual(try gradient(options, 0, 0), 1)
        XCTAssertEqual(try gradient(options, 1, 1), -1)
        XCTAssertEqual(try gradient(options, 0.25, 0), 4.0 / 3, accuracy: 1e-15)
    }

    func test_everyConvention_nan_isNaN() throws {
        for options in [BinaryCrossEntropy.exact, .keras, .keras2, .pyTorch, .scikitLearn] {
            XCTAssertTrue(try gradient(options, .nan, 1).isNaN)
        }
    }

    func test_hessian_ofProbabilities_isRefused() throws {
        var (a, b) = ([Float](repeating: 7, count: 1), [Float](repeating: 7, count: 1))
        var first = a.mutableSpan
        var second = b.mutableSpan
        XCTAssertThrowsError(
            try BinaryCrossEntropy.exact.loss(
                LossBatch(probabilities: [Float(0.5)].span, targets: [true].span),
                writingGradientInto: &first,
                hessianDiagonal: &second)
        ) { XCTAssertEqual($0 as? CrossEntropyError, .hessianOfProbabilities) }
        XCTAssertEqual(first[0], 7)
    }
}

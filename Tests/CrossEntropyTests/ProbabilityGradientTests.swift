// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
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

    func test_keras_infiniteProbability_isAtItsBound() throws {
        for count in [1, 40] {
            for infinity in [Float.infinity, -.infinity] {
                let (p, t) = ([Float](repeating: infinity, count: count), [Float](repeating: 1, count: count))
                for options in [BinaryCrossEntropy.keras, .keras2, .scikitLearn] {
                    XCTAssertEqual(
                        try options.gradient(probabilities: p, targets: t),
                        [Float](repeating: 0, count: count))
                    XCTAssertTrue(try options.loss(probabilities: p, targets: t).isFinite)
                }
            }
        }
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

    /// Two vectors of elements share divisions. Where one of their divisors is too small, each element of the two takes a
    /// division of its own, and all others keep their bits. (If a gradient is not finite, another kernel computes them all.)
    func test_exact_extremeAtEveryPosition_matchesDefinitionAndLeavesOtherPairsAlone() throws {
        try checkExtremes(Float.self, tiny: 1e-30)
        try checkExtremes(Double.self, tiny: 1e-300)
    }

    private func checkExtremes<S: LossScalar>(_: S.Type, tiny: S) throws {
        let pair = 32
        var random = SplitMix64(seed: 41)
        for count in [31, 32, 33, 64, 95, 96, 127] {
            let p = (0..<count).map { _ in S(Double.random(in: 0.05...0.95, using: &random)) }
            let t = (0..<count).map { _ in S(Int.random(in: 0...1, using: &random)) }
            for level in KernelLevel.available {
                let sum = BinaryCrossEntropy.exact.with(reduction: .sum).at(level: level)
                let usual = try sum.gradient(probabilities: p, targets: t)
                for index in 0..<count {
                    for extreme in [0, 1, tiny, .nan] {
                        var q = p
                        q[index] = extreme
                        let gradient = try sum.gradient(probabilities: q, targets: t)
                        let what = "\(S.self), \(level), \(extreme) at \(index) of \(count)"
                        for other in 0..<count {
                            if gradient[index].isFinite, other / pair != index / pair {
                                XCTAssertEqual(gradient[other], usual[other], what)
                            }
                            let exact =
                                t[other] == 1 ? -1 / Reference(q[other]) : 1 / (1 - Reference(q[other]))
                            let bound = 5 * Reference(S(exact).ulp)
                            XCTAssertTrue(
                                gradient[other] == S(exact) || gradient[other].isNaN && exact.isNaN
                                    || (Reference(gradient[other]) - exact).magnitude <= bound,
                                "\(what): \(gradient[other]) at \(other), exact \(exact)")
                        }
                    }
                }
            }
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

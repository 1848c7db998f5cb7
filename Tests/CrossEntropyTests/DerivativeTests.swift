// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Gradient and Hessian with respect to logits, compared with closed forms in higher precision and finite differences.
final class DerivativeTests: XCTestCase {
    private let sum = BinaryCrossEntropy.exact.with(reduction: .sum)

    /// s(x) - t, in a form that does not cancel for 0/1 targets.
    private func gradient(_ x: Reference, _ t: Reference) -> Reference {
        x > 0 ? (1 - t) - 1 / (1 + exp(x)) : exp(x) / (1 + exp(x)) - t
    }

    private func hessian(_ x: Reference) -> Reference {
        let e = exp(-abs(x))
        return e / (1 + e) / (1 + e)
    }

    private func ulps<S: LossScalar>(_ result: S, _ exact: Reference) -> Double {
        S(exact) == result ? 0 : Double(abs(Reference(result) - exact) / Reference(S(exact).ulp))
    }

    private func checkUlps<S: LossScalar>(_: S.Type) throws {
        var (worst, worstHessian) = ((0.0, S.nan), (0.0, S.nan))
        for spread in [0.1, 1, 10, 50] {
            for labels in [Labels.agreeing, .disagreeing, .random] {
                let item = Case<S>.logits(spread: spread, labels, count: 10_007, seed: 21)
                var (first, second) = ([S](repeating: 0, count: 10_007), [S](repeating: 0, count: 10_007))
                var g = first.mutableSpan
                var h = second.mutableSpan
                _ = try sum.loss(
                    LossBatch(logits: item.predictions.span, targets: item.targets.span),
                    writingGradientInto: &g, hessianDiagonal: &h)
                for (index, x) in item.predictions.enumerated() {
                    let error = ulps(first[index], gradient(Reference(x), Reference(item.targets[index])))
                    let errorOfSecond = ulps(second[index], hessian(Reference(x)))
                    if error > worst.0 { worst = (error, x) }
                    if errorOfSecond > worstHessian.0 { worstHessian = (errorOfSecond, x) }
                }
            }
        }
        print(
            "gradient, \(S.self): \(worst.0) ulp at \(worst.1); Hessian: \(worstHessian.0) at \(worstHessian.1)"
        )
        XCTAssertLessThanOrEqual(worst.0, 4, "x = \(worst.1)")
        XCTAssertLessThanOrEqual(worstHessian.0, 6, "x = \(worstHessian.1)")
    }

    func test_derivatives_hardFloatTargets_within4And6Ulp() throws { try checkUlps(Float.self) }
    func test_derivatives_hardDoubleTargets_within4And6Ulp() throws { try checkUlps(Double.self) }

    func test_gradient_finiteDifferences_agree() throws {
        let item = Case<Double>.logits(spread: 2, .soft, count: 200, seed: 22)
        let gradient = try sum.gradient(logits: item.predictions, targets: item.targets)
        let step = 1e-3
        for (index, x) in item.predictions.enumerated() {
            let at = { (offset: Double) in
                try self.sum.loss(logits: [x + offset * step], targets: [item.targets[index]])
            }
            // Fourth order: the error is step^4 / 30 of the fifth derivative (below 1), and a rounding error of
            // 2^-52 / step.
            let difference = try (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * step)
            XCTAssertEqual(gradient[index], difference, accuracy: 5e-12, "x = \(x)")
        }
    }

    func test_lossAndDerivatives_fused_areTheSeparateOnes() throws {
        for count in [0, 1, 15, 16, 63, 64, 65, 1000, 8192, 20_001] {
            let item = Case<Float>.logits(spread: 3, .random, count: count, seed: 23)
            let loss = BinaryCrossEntropy.exact
            let separate = try loss.gradient(logits: item.predictions, targets: item.targets)
            var (first, second, third) = (separate.map { _ in Float(7) }, separate, separate)
            var a = first.mutableSpan
            var b = second.mutableSpan
            var c = third.mutableSpan
            let alone = try loss.loss(logits: item.predictions, targets: item.targets)
            let two = try loss.loss(
                logits: item.predictions.span, targets: item.targets.span, writingGradientInto: &a)
            let three = try loss.loss(
                LossBatch(logits: item.predictions.span, targets: item.targets.span),
                writingGradientInto: &b, hessianDiagonal: &c)
            XCTAssertEqual(first, separate)
            XCTAssertEqual(second, separate)
            guard count > 0 else { continue }
            // The exponential of the fused kernel is rounded once more if it is subnormal, and only then.
            XCTAssertEqual(two, alone, "n = \(count)")
            XCTAssertEqual(three, alone, "n = \(count)")
            XCTAssertTrue(third.allSatisfy { $0 >= 0 && $0 <= 0.25 })
        }
    }

    func test_gradient_meanAndScale_multiply() throws {
        let (logits, targets): ([Double], [Double]) = ([0, 0, 0, 0], [1, 1, 0, 0])
        var output = [Double](repeating: 0, count: 4)
        var span = output.mutableSpan
        try BinaryCrossEntropy.exact.writeGradient(
            logits: logits.span, targets: targets.span, into: &span, gradientScale: 3)
        XCTAssertEqual(output, [-0.375, -0.375, 0.375, 0.375])
    }

    func test_gradient_edges_haveTheirLimits() throws {
        let logits: [Float] = [.infinity, .infinity, -.infinity, -.infinity, -100, 100, .nan]
        let gradient = try sum.gradient(logits: logits, targets: [1, 0, 0, 1, 0, 1, 0] as [Float])
        XCTAssertEqual(Array(gradient.prefix(4)), [0, 1, 0, -1])
        let tiny = Float(exp(-100.0))  // subnormal
        XCTAssertEqual(gradient[4], tiny, accuracy: .leastNonzeroMagnitude)
        XCTAssertEqual(gradient[5], -tiny, accuracy: .leastNonzeroMagnitude)
        XCTAssertTrue(gradient[6].isNaN)
    }

    func test_writeGradient_shortOutput_isRefused_longOneKeepsItsRest() throws {
        let two: [Float] = [0, 0]
        var output: [Float] = [7, 7, 7]
        do {
            var span = output.mutableSpan
            try BinaryCrossEntropy.exact.writeGradient(logits: two.span, targets: two.span, into: &span)
        }
        XCTAssertEqual(output, [0.25, 0.25, 7])
        let four: [Float] = [0, 0, 0, 0]
        var span = output.mutableSpan
        XCTAssertThrowsError(
            try BinaryCrossEntropy.exact.writeGradient(logits: four.span, targets: four.span, into: &span)
        ) {
            XCTAssertEqual(
                $0 as? CrossEntropyError, .outputTooShort(argument: "gradient", count: 3, needed: 4))
        }
    }

    func test_gradient_overTheLogits_isTheSame() throws {
        for count in [0, 1, 15, 17, 63, 1000, 20_001] {
            // At one count, includes an infinite logit that agrees with its target, which the product form cannot
            // represent.
            var item = Case<Float>.logits(spread: 3, .random, count: count, seed: 24)
            if count == 1000 { (item.predictions[7], item.targets[7]) = (.infinity, 1) }
            try checkOverLogits(item.predictions, item.targets)
            try checkOverLogits(item.predictions, item.targets.map(Double.init))
            try checkOverLogits(item.predictions, item.targets.map { $0 == 1 })
        }
    }

    private func checkOverLogits<T: LossTarget>(_ logits: [Float], _ targets: [T]) throws {
        let loss = BinaryCrossEntropy.exact
        let what = "n = \(logits.count), \(T.self)"
        let gradient = try loss.gradient(logits: logits, targets: targets)
        let alone = try loss.loss(logits: logits, targets: targets)
        var (over, again) = (logits, logits)
        var first = over.mutableSpan
        try loss.writeGradient(overLogits: &first, targets: targets.span)
        XCTAssertEqual(over, gradient, what)
        var second = again.mutableSpan
        let value = try loss.loss(writingGradientOverLogits: &second, targets: targets.span)
        XCTAssertEqual(again, gradient, what)
        let isSame = T.self == Float.self ? value == alone : abs(value - alone) <= 2e-7 * alone
        XCTAssertTrue(isSame || logits.isEmpty && value.isNaN, "\(what): \(value), \(alone)")
    }
}

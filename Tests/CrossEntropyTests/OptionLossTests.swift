// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Losses and derivatives with every option, compared with the definition in higher precision and finite differences.
final class OptionLossTests: XCTestCase {
    private func check<S: LossScalar>(_: S.Type, _ labels: Labels) throws {
        let count = 1003
        let item = Case<S>.logits(spread: 3, labels, count: count, seed: 31)
        let weights = (0..<count).map { S(Double($0 % 7) / 4) }
        for oracle in OptionOracle.grid {
            let exact = (0..<count).map {
                oracle.loss(
                    logit: Reference(item.predictions[$0]), Reference(item.targets[$0]),
                    weight: Reference(weights[$0]))
            }
            let batch = try LossBatch(logits: item.predictions.span, targets: item.targets.span)
                .weighted(byElement: weights.span)
            let sum = try oracle.options().loss(batch)
            let total = exact.reduce(0, +)
            XCTAssertEqual(sum, Double(total), accuracy: Double(total) * S.promise, "\(oracle), \(labels)")
            let mean = try oracle.options(.mean).loss(batch)
            XCTAssertEqual(mean, sum / Double(count), accuracy: 1e-15 * mean)
            let weighted = try oracle.options(.weightedMean).loss(batch)
            let weight = weights.map(Double.init).reduce(0, +)
            XCTAssertEqual(weighted, sum / weight, accuracy: 1e-14 * weighted)

            let losses = try oracle.options().losses(batch)
            for (index, loss) in losses.enumerated() {
                XCTAssertEqual(
                    Double(loss), Double(exact[index]),
                    accuracy: Double(S(exact[index]).ulp) * oracle.lossUlps(largestLogarithm: 15),
                    "\(oracle), \(labels), x = \(item.predictions[index])")
            }
        }
    }

    func test_loss_eachOptionHardFloatTargets_isTheDefinition() throws { try check(Float.self, .random) }
    func test_loss_eachOptionHardDoubleTargets_isTheDefinition() throws { try check(Double.self, .random) }
    func test_loss_eachOptionSoftFloatTargets_isTheDefinition() throws { try check(Float.self, .soft) }
    func test_loss_eachOptionSoftDoubleTargets_isTheDefinition() throws { try check(Double.self, .soft) }

    func test_loss_eachOptionProbabilities_isTheDefinition() throws {
        let count = 517
        let item = Case<Double>.probabilities("uniform", count: count, seed: 32) {
            Double.random(in: 0.001..<0.999, using: &$0)
        }
        for oracle in OptionOracle.grid {
            let exact = (0..<count).map {
                oracle.loss(
                    probability: Reference(item.predictions[$0]), Reference(item.targets[$0]), weight: 1)
            }
            let batch = try LossBatch(probabilities: item.predictions.span, targets: item.targets.span)
            let total = Double(exact.reduce(0, +))
            XCTAssertEqual(try oracle.options().loss(batch), total, accuracy: 1e-14 * total, "\(oracle)")
            for (index, loss) in try oracle.options().losses(batch).enumerated() {
                XCTAssertEqual(
                    loss, Double(exact[index]),
                    accuracy: Double(exact[index]).ulp * oracle.lossUlps(largestLogarithm: 7), "\(oracle)")
            }
        }
    }

    func test_derivatives_eachOption_areFiniteDifferences() throws {
        let count = 203
        for labels in [Labels.random, .soft] {
            let item = Case<Double>.logits(spread: 3, labels, count: count, seed: 33)
            for oracle in OptionOracle.grid {
                let batch = try LossBatch(logits: item.predictions.span, targets: item.targets.span)
                var (first, second) = (
                    [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
                )
                var g = first.mutableSpan
                var h = second.mutableSpan
                _ = try oracle.options().loss(batch, writingGradientInto: &g, hessianDiagonal: &h)
                for (index, x) in item.predictions.enumerated() {
                    let loss = { oracle.loss(logit: $0, Reference(item.targets[index]), weight: 1) }
                    let slope = OptionOracle.derivative(Reference(x), loss)
                    XCTAssertEqual(
                        first[index], Double(slope), accuracy: 1e-13, "\(oracle), \(labels), x = \(x)")
                    let curvature = OptionOracle.secondDerivative(Reference(x), loss)
                    // The sixth derivative of a focal loss with gamma 5 reaches several hundred.
                    XCTAssertEqual(
                        second[index], Double(curvature), accuracy: 1e-9, "\(oracle), \(labels), x = \(x)")
                }
                XCTAssertEqual(try oracle.options().gradient(batch), first)
            }
        }
    }

    func test_gradient_eachOptionProbabilities_isFiniteDifference() throws {
        let item = Case<Double>.probabilities("uniform", count: 203, seed: 34) {
            Double.random(in: 0.01..<0.99, using: &$0)
        }
        for oracle in OptionOracle.grid {
            let batch = try LossBatch(probabilities: item.predictions.span, targets: item.targets.span)
            let gradient = try oracle.options().gradient(batch)
            for (index, p) in item.predictions.enumerated() {
                // The steps are relative to the distance from 0 or 1, where derivatives grow.
                let near = Reference(min(p, 1 - p))
                let slope = OptionOracle.derivative(Reference(p), step: near * 0x1p-10) {
                    oracle.loss(probability: $0, Reference(item.targets[index]), weight: 1)
                }
                XCTAssertEqual(
                    gradient[index], Double(slope), accuracy: 1e-10 * max(1, abs(Double(slope))),
                    "\(oracle), p = \(p)")
            }
        }
    }

    func test_focal_gammaZero_isThePlainLossToTheBit() throws {
        let item = Case<Float>.logits(spread: 3, .random, count: 1000, seed: 35)
        let focal = try BinaryCrossEntropy.exact.with(focal: .init(gamma: 0))
        XCTAssertEqual(
            try focal.loss(logits: item.predictions, targets: item.targets),
            try BinaryCrossEntropy.exact.loss(logits: item.predictions, targets: item.targets))
        XCTAssertEqual(
            try focal.gradient(logits: item.predictions, targets: item.targets),
            try BinaryCrossEntropy.exact.gradient(logits: item.predictions, targets: item.targets))
    }

    func test_focal_edges_haveTheirLimits() throws {
        for gamma in [0.5, 1, 2] {
            let focal = try BinaryCrossEntropy(reduction: .sum, focal: .init(gamma: gamma))
            let logits: [Double] = [.infinity, -.infinity, .infinity, -.infinity, 1000, -1000]
            let targets: [Double] = [1, 0, 0, 1, 1, 0]
            XCTAssertEqual(
                try focal.losses(logits: logits, targets: targets), [0, 0, .infinity, .infinity, 0, 0])
            XCTAssertEqual(try focal.gradient(logits: logits, targets: targets), [0, 0, 1, -1, 0, 0])
            let nan = try focal.losses(logits: [.nan, 0], targets: [1, .nan] as [Double])
            XCTAssertTrue(nan.allSatisfy(\.isNaN))
        }
    }

    /// Certain and correct predictions stay in the kernel for focal losses, even if the loop for the rest has no others:
    /// the losses of the other elements do not change a bit.
    func test_focal_correctInfiniteLogits_haveLossAndGradientZero() throws {
        for gamma in [0.5, 1, 1.5, 1.7, 2] {
            for count in [80, 90] {
                try checkCorrectInfiniteLogits(Float.self, gamma, after: count)
                try checkCorrectInfiniteLogits(Double.self, gamma, after: count)
            }
        }
    }

    private func checkCorrectInfiniteLogits<S: LossScalar>(_: S.Type, _ gamma: Double, after count: Int)
        throws
    {
        let focal = try BinaryCrossEntropy(reduction: .sum, focal: .init(gamma: gamma))
        let finite = Case<S>.logits(spread: 3, .random, count: count, seed: 36)
        let infinite: [S] = [.infinity, -.infinity, .infinity]
        let (x, t) = (finite.predictions + infinite, finite.targets + [1, 0, 1])
        let (sum, exact) = (
            try focal.loss(logits: x, targets: t),
            try focal.loss(logits: finite.predictions, targets: finite.targets)
        )
        XCTAssertEqual(sum, exact, accuracy: 1e-6 * exact, "gamma \(gamma)")
        let losses = try focal.losses(logits: x, targets: t)
        XCTAssertEqual(losses.suffix(3), [0, 0, 0])
        XCTAssertEqual(
            Array(losses.prefix(count)),
            try focal.losses(logits: finite.predictions, targets: finite.targets),
            "\(S.self), gamma \(gamma), after \(count)")
        XCTAssertEqual(try focal.gradient(logits: x, targets: t).suffix(3), [0, 0, 0])
    }
}

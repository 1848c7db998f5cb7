// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import TestSupport

/// The loss of one element with every option, in higher precision, and its derivatives by finite differences.
struct OptionOracle {
    var smoothing = 0.0
    var positiveWeight = 1.0
    var gamma = 0.0
    var alpha: Double?

    func loss(logit x: Reference, _ t: Reference, weight: Reference, positive: Reference = 1) -> Reference {
        ReferenceElement(logit: x, target: t, weight: weight, positive: positive, reference).loss.value
    }

    func loss(
        probability p: Reference, _ t: Reference, weight: Reference, positive: Reference = 1
    ) -> Reference {
        ReferenceElement(probability: p, target: t, weight: weight, positive: positive, reference).loss.value
    }

    private var reference: ReferenceOptions {
        ReferenceOptions(
            smoothing: Reference(smoothing), positiveWeight: Reference(positiveWeight),
            gamma: Reference(gamma), alpha: alpha.map { Reference($0) })
    }

    /// Fourth-order central difference of `function` at `x`. The error is h^4 / 30 of the fifth derivative and, with 64
    /// significand bits, a rounding error of 2^-64 / h: 1e-16 each for h = 1e-4 or so.
    static func derivative(_ x: Reference, step: Reference = 0x1p-12, _ function: (Reference) -> Reference)
        -> Reference
    {
        let (f1, f2) = (
            function(x + step) - function(x - step), function(x + 2 * step) - function(x - 2 * step)
        )
        return (8 * f1 - f2) / (12 * step)
    }

    /// The same for the second derivative, for functions whose values are about one: a rounding error of
    /// 2^-64 / h^2 = 4e-15 for h = 2^-8, and h^4 / 90 of the sixth derivative, 3e-12.
    static func secondDerivative(
        _ x: Reference, step: Reference = 0x1p-8, _ function: (Reference) -> Reference
    ) -> Reference {
        let f0 = function(x)
        let f1 = (function(x + step) - f0) + (function(x - step) - f0)
        let f2 = (function(x + 2 * step) - f0) + (function(x - 2 * step) - f0)
        return (16 * f1 - f2) / (12 * step * step)
    }

    /// The documented error of a loss (`writeLosses(_:into:)`) in units in the last place.
    ///
    /// - Parameter largestLogarithm: the largest |ln(1 - p_t)| of all elements.
    func lossUlps(largestLogarithm: Double) -> Double {
        gamma == 0 ? 6 : 8 + 2 * gamma * (1 + largestLogarithm)
    }

    func options(_ reduction: BinaryCrossEntropy.Reduction = .sum) throws -> BinaryCrossEntropy {
        try BinaryCrossEntropy(
            reduction: reduction, labelSmoothing: smoothing, positiveWeight: positiveWeight,
            focal: gamma != 0 || alpha != nil ? .init(gamma: gamma, alpha: alpha) : nil)
    }

    /// Every option alone, and some combinations.
    static let grid: [OptionOracle] = [
        OptionOracle(smoothing: 0.1), OptionOracle(smoothing: 1), OptionOracle(positiveWeight: 0.5),
        OptionOracle(positiveWeight: 3), OptionOracle(positiveWeight: 0), OptionOracle(gamma: 0.5),
        OptionOracle(gamma: 0.7), OptionOracle(gamma: 1), OptionOracle(gamma: 2), OptionOracle(gamma: 5),
        OptionOracle(gamma: 2, alpha: 0.25), OptionOracle(alpha: 0.25),
        OptionOracle(smoothing: 0.1, positiveWeight: 3, gamma: 2, alpha: 0.75),
    ]
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// A number that is a sum of terms, and the sum of their magnitudes, to which rounding is relative if the terms cancel.
public struct ReferenceTerms: Sendable {
    public var value: Reference
    public var magnitude: Reference

    static func * (terms: ReferenceTerms, factor: Reference) -> ReferenceTerms {
        ReferenceTerms(
            value: timesUnlessZero(factor, terms.value),
            magnitude: abs(timesUnlessZero(factor, terms.magnitude)))
    }

    static let nan = ReferenceTerms(value: .nan, magnitude: .nan)
    static let zero = ReferenceTerms(value: 0, magnitude: 0)

    /// The sum of terms; a term with a factor of 0 must be passed as 0.
    static func sum(_ terms: Reference...) -> ReferenceTerms {
        ReferenceTerms(value: terms.reduce(0, +), magnitude: terms.reduce(0) { $0 + abs($1) })
    }
}

/// The loss of one element with its derivatives, from the formulas in the documentation of `BinaryCrossEntropy` and its
/// `writeGradient`, in the precision of `Reference`. Derivatives are those of the unreduced loss.
public struct ReferenceElement: Sendable {
    public private(set) var loss: ReferenceTerms
    public private(set) var gradient: ReferenceTerms
    /// The second derivative with respect to a logit; NaN for a probability.
    public private(set) var hessian: ReferenceTerms
    /// gamma |ln(1 - p_t)|: the number of roundings that the focal factor adds through its exponent.
    public private(set) var focalRoundings: Reference = 0

    /// - Parameters:
    ///   - weight: the product of all weights of the element.
    ///   - positive: the positive weight of its column.
    public init(
        logit x: Reference, target: Reference, weight: Reference, positive: Reference,
        _ options: ReferenceOptions
    ) {
        guard !x.isNaN, !target.isNaN, !weight.isNaN else { self = .nan; return }
        let (y, rest) = options.labels(target)
        let (a, b) = (options.positiveWeight * positive * y, rest)
        // -ln s(x) and -ln s(-x), each in a form without cancellation.
        let small = log1p(exp(-abs(x)))
        let (costP, costQ) = x > 0 ? (small, x + small) : (-x + small, small)
        let (large, little) = (1 / (1 + exp(-abs(x))), exp(-abs(x)) / (1 + exp(-abs(x))))
        let (p, q) = x > 0 ? (large, little) : (little, large)
        loss = .sum(timesUnlessZero(a, costP), timesUnlessZero(b, costQ))
        gradient = .sum(b * p, -a * q)
        hessian = .sum((a + b) * (p * q))
        if options.gamma != 0 {
            let m = y * q + rest * p
            focus(
                options.gamma, m, slope: (rest - y) * (p * q), ratio: m == 0 ? 1 : p * q / m, rest - y, q - p)
        }
        weigh(weight * options.balance(y, rest))
    }

    public init(
        probability p: Reference, target: Reference, weight: Reference, positive: Reference,
        _ options: ReferenceOptions
    ) {
        guard !p.isNaN, !target.isNaN, !weight.isNaN else { self = .nan; return }
        let (bounds, (y, rest)) = (options.bounds, options.labels(target))
        let (a, b) = (options.positiveWeight * positive * y, rest)
        let (logP, logQ) = bounds.logarithms(p)
        let isOutside = !(0...1).contains(p) && bounds.lower == -.infinity
        loss = isOutside ? .nan : .sum(-timesUnlessZero(a, logP), -timesUnlessZero(b, logQ))
        gradient = Self.probabilityGradient(p, a, b, logP, logQ, options)
        hessian = .nan
        if options.gamma != 0 {
            // The factor uses the probability before clipping.
            focus(options.gamma, ofProbability: y * (1 - p) + rest * p, slope: rest - y)
        }
        weigh(weight * options.balance(y, rest))
    }

    private static let nan = ReferenceElement()
    private init() { (loss, gradient, hessian) = (.nan, .nan, .nan) }

    private mutating func weigh(_ factor: Reference) {
        (loss, gradient, hessian) = (loss * factor, gradient * factor, hessian * factor)
    }

    /// -A/p + B/(1 - p), near 0 and 1 according to the gradient rule.
    private static func probabilityGradient(
        _ p: Reference, _ a: Reference, _ b: Reference, _ logP: Reference, _ logQ: Reference,
        _ options: ReferenceOptions
    ) -> ReferenceTerms {
        let q = 1 - p
        switch options.gradientRule {
        case .derivative:
            let bounds = options.bounds
            if bounds.moves(p) { return .zero }
            // If a bound holds the logarithm constant, its derivative is 0.
            let fromP = a == 0 || bounds.holds(logP) ? 0 : -a / (p + bounds.added)
            let fromQ = b == 0 || bounds.holds(logQ) ? 0 : b / (q + bounds.added)
            return .sum(fromP, fromQ)
        case .boundedFactors(let epsilon):
            return .sum(-a / max(p, Reference(epsilon)), b / max(q, Reference(epsilon)))
        case .boundedProduct(let epsilon):
            let denominator = max(p * q, Reference(epsilon))
            return .sum(b * p / denominator, -a * q / denominator)
        }
    }
}

extension ReferenceElement {
    /// Multiplies by m^gamma, m = 1 - p_t, for a logit. By the product and power rules, with C the loss so far,
    /// d = 1 - 2 y, m' = d p q and r = p q / m, which stays finite as m approaches 0:
    ///
    ///     (m^gamma C)'  = m^gamma (gamma d r C + C')
    ///     (m^gamma C)'' = m^gamma (gamma (gamma - 1) d^2 r^2 C + gamma d r (q - p) C + 2 gamma d r C' + C'')
    fileprivate mutating func focus(
        _ gamma: Reference, _ m: Reference, slope: Reference, ratio r: Reference, _ d: Reference,
        _ tilt: Reference
    ) {
        let factor = m == 0 ? 0 : pow(m, gamma)
        let (c, c1, c2) = (loss.value, gradient.value, hessian.value)
        let rc = timesUnlessZero(r, c)
        loss = loss * factor
        hessian =
            ReferenceTerms.sum(
                gamma * (gamma - 1) * d * d * r * rc, gamma * d * tilt * rc, 2 * gamma * d * r * c1, c2)
            * factor
        gradient = (.sum(gamma * d * rc, c1) + gradient) * factor
        focalRoundings = m == 0 ? 0 : abs(gamma * log(m))
    }

    /// The same for a probability, where m' = d; the result is 0 if m is 0, because m^gamma is.
    fileprivate mutating func focus(_ gamma: Reference, ofProbability m: Reference, slope d: Reference) {
        let factor = m == 0 ? 0 : pow(m, gamma)
        let c = loss.value
        let ratio = m == 0 ? 0 : c / m
        loss = loss * factor
        // 1/p and 1/(1 - p) grow faster than the logarithms.
        if gradient.value.isFinite {
            gradient = .sum(timesUnlessZero(gamma * d, ratio), gradient.value) + gradient
        }
        gradient = gradient * factor
        focalRoundings = m == 0 ? 0 : abs(gamma * log(m))
    }
}

extension ReferenceTerms {
    /// This sum, with the magnitudes of the terms that make up its last term.
    static func + (sum: ReferenceTerms, part: ReferenceTerms) -> ReferenceTerms {
        ReferenceTerms(value: sum.value, magnitude: sum.magnitude + part.magnitude)
    }
}

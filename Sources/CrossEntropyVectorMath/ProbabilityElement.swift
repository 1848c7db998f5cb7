// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The bounds on a probability, and on its logarithm, that are applied before use; infinite bounds change nothing.
@frozen
public struct LaneBounds<L: Lanes> {
    @usableFromInline let lower: L
    @usableFromInline let upper: L
    @usableFromInline let added: L
    @usableFromInline let logFloor: L
    /// e^logFloor.
    @usableFromInline let factorFloor: L

    @export(implementation) @inline(always)
    public init(_ formula: UnsafePointer<Formula>) {
        lower = L(repeating: L.Scalar(formula.pointee.lower))
        upper = L(repeating: L.Scalar(formula.pointee.upper))
        added = L(repeating: L.Scalar(formula.pointee.added))
        logFloor = L(repeating: L.Scalar(formula.pointee.logFloor))
        factorFloor = L(repeating: L.Scalar(formula.pointee.factorFloor))
    }

    /// `value` where a probability is within the bounds, else 0.
    @export(implementation) @inline(always)
    public func ifInside(_ p: L, _ value: L) -> L {
        p.ifAtLeast(lower, upper.ifAtLeast(p, value, L.zero), L.zero)
    }

    @export(implementation) @inline(always)
    public func bound(_ p: L) -> L { p.atLeast(lower).atMost(upper) }
}

/// The loss of one probability per lane, -(A log p + B log(1 - p)), with every edge case and bound, and its gradient. A
/// coefficient of 0 gives 0 even with an infinite logarithm.
@frozen
public struct ProbabilityElement<L: Lanes> {
    @usableFromInline let raw: L
    /// The bounded probability.
    @usableFromInline let p: L
    @usableFromInline let coefficients: Coefficients<L>
    @usableFromInline let bounds: LaneBounds<L>

    @export(implementation) @inline(always)
    public init(_ probability: L, _ coefficients: Coefficients<L>, _ bounds: LaneBounds<L>) {
        raw = probability
        p = bounds.bound(probability)
        self.coefficients = coefficients
        self.bounds = bounds
    }

    @export(implementation) @inline(always) var q: L { L.one - p }

    /// The logarithms of p and 1 - p. For p, d = p - 1 is exact where it is small; for 1 - p, d = -p retains what
    /// rounding takes from 1 - p.
    @export(implementation) @inline(always)
    var logP: L { logAnywhere(p + bounds.added, lessOne: (p - L.one) + bounds.added) }
    @export(implementation) @inline(always)
    var logQ: L { logAnywhere(q + bounds.added, lessOne: bounds.added - p) }

    /// The loss is NaN if the bounds let a probability outside [0, 1] through.
    @export(implementation) @inline(always)
    public var loss: L {
        let (a, b) = (coefficients.positive, coefficients.negative)
        let positive = a.ifEqual(L.zero, L.zero, a * logP.atLeast(bounds.logFloor))
        let negative = b.ifEqual(L.zero, L.zero, b * logQ.atLeast(bounds.logFloor))
        return valid - (positive + negative)
    }

    /// The loss where one of the coefficients is 0.
    @export(implementation) @inline(always)
    public var lossOfOneLabel: L {
        let a = coefficients.positive
        let factor = a.ifEqual(L.zero, q, p)
        let lessOne = a.ifEqual(L.zero, L.zero - p, p - L.one)
        let logarithm = logAnywhere(factor + bounds.added, lessOne: lessOne + bounds.added)
        let total = coefficients.total
        return valid - total.ifEqual(L.zero, L.zero, total * logarithm.atLeast(bounds.logFloor))
    }

    /// 0 for a probability in [0, 1], else NaN.
    @export(implementation) @inline(always)
    var valid: L {
        let outside = L(repeating: L.Scalar.nan)
        return p.ifAtLeast(L.zero, q.ifAtLeast(L.zero, L.zero, outside), outside)
    }

    /// 1 where a bound changes the loss, else 0.
    @export(implementation) @inline(always)
    public var bounded: L {
        let (a, b) = (coefficients.positive, coefficients.negative)
        // A NaN does not count as moved.
        let moved = bounds.lower.ifGreater(raw, L.one, raw.ifGreater(bounds.upper, L.one, L.zero))
        let floor = bounds.factorFloor
        let floored =
            floor.ifGreater(p + bounds.added, a, L.zero) + floor.ifGreater(q + bounds.added, b, L.zero)
        return moved + floored.ifEqual(L.zero, L.zero, L.one - moved)
    }

    /// -A / p + B / (1 - p) times `scale`, with denominators near 0 treated as the rule says.
    @export(implementation) @inline(always)
    public func gradient(_ rule: GradientRule, floor: L, scale: L) -> L {
        let (a, b) = (coefficients.positive, coefficients.negative)
        let outside = (p + a + b) * L.zero  // keeps a NaN of the prediction or the target
        if rule == .derivative {
            let (factorP, factorQ) = (p + bounds.added, q + bounds.added)
            let fromP = factorP.ifAtLeast(bounds.factorFloor, a, L.zero)
            let fromQ = factorQ.ifAtLeast(bounds.factorFloor, b, L.zero)
            // A single division, (B P - A Q) / (P Q), needs more instructions to exclude 0 / 0, and is slower.
            let sum =
                fromQ.ifEqual(L.zero, L.zero, fromQ / factorQ)
                - fromP.ifEqual(L.zero, L.zero, fromP / factorP)
            return (outside + bounds.ifInside(raw, sum)) * scale
        }
        let rest = L.one - raw
        if rule == .boundedFactors { return (b / rest.atLeast(floor) - a / raw.atLeast(floor)) * scale }
        // Divide first: the product of a tiny probability and a small coefficient may underflow.
        let factor = scale / (raw * rest).atLeast(floor)
        return b * factor * raw - a * factor * rest
    }
}

// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// How a probability, and its logarithm, are bounded before they are used; infinite bounds change nothing.
@frozen
public struct LaneBounds<L: Lanes> {
    @usableFromInline let lower: L
    @usableFromInline let upper: L
    @usableFromInline let added: L
    @usableFromInline let logFloor: L
    /// e^logFloor.
    @usableFromInline let factorFloor: L

    @inlinable @inline(always)
    public init(_ formula: UnsafePointer<lk_formula>) {
        lower = L(repeating: L.Scalar(formula.pointee.lower))
        upper = L(repeating: L.Scalar(formula.pointee.upper))
        added = L(repeating: L.Scalar(formula.pointee.added))
        logFloor = L(repeating: L.Scalar(formula.pointee.log_floor))
        factorFloor = L(repeating: L.Scalar(formula.pointee.factor_floor))
    }
}

/// The loss of one probability in each lane, -(A log p + B log(1 - p)), with every edge case and bound, and its
/// gradient. A coefficient of 0 makes 0 even of an infinite logarithm.
@frozen
public struct ProbabilityElement<L: Lanes> {
    @usableFromInline let raw: L
    /// Bounded.
    @usableFromInline let p: L
    @usableFromInline let coefficients: Coefficients<L>
    @usableFromInline let bounds: LaneBounds<L>

    @inlinable @inline(always)
    public init(_ probability: L, _ coefficients: Coefficients<L>, _ bounds: LaneBounds<L>) {
        raw = probability
        p = probability.atLeast(bounds.lower).atMost(bounds.upper)
        self.coefficients = coefficients
        self.bounds = bounds
    }

    @inlinable @inline(always) var q: L { L.one - p }

    /// Of p: d = p - 1 is exact where it is small, and keeps what rounding takes from 1 - p.
    @inlinable @inline(always)
    var logP: L { logAnywhere(p + bounds.added, lessOne: (p - L.one) + bounds.added) }
    @inlinable @inline(always)
    var logQ: L { logAnywhere(q + bounds.added, lessOne: bounds.added - p) }

    /// A probability outside [0, 1] that the bounds let through gives NaN.
    @inlinable @inline(always)
    public var loss: L {
        let (a, b) = (coefficients.positive, coefficients.negative)
        let positive = a.ifEqual(L.zero, L.zero, a * logP.atLeast(bounds.logFloor))
        let negative = b.ifEqual(L.zero, L.zero, b * logQ.atLeast(bounds.logFloor))
        return valid - (positive + negative)
    }

    /// 0 for a probability in [0, 1], else NaN.
    @inlinable @inline(always)
    var valid: L {
        let outside = L(repeating: L.Scalar.nan)
        return p.ifAtLeast(L.zero, q.ifAtLeast(L.zero, L.zero, outside), outside)
    }

    /// 1 where a bound changes the loss, else 0.
    @inlinable @inline(always)
    var bounded: L {
        let (a, b) = (coefficients.positive, coefficients.negative)
        // A NaN is not moved.
        let moved = bounds.lower.ifGreater(raw, L.one, raw.ifGreater(bounds.upper, L.one, L.zero))
        let floored = bounds.logFloor.ifGreater(logP, a, L.zero) + bounds.logFloor.ifGreater(logQ, b, L.zero)
        return moved + floored.ifEqual(L.zero, L.zero, L.one - moved)
    }

    /// -A / p + B / (1 - p) as the rule says about denominators near 0.
    @inlinable @inline(always)
    public func gradient(_ rule: lk_gradient_rule, floor: L) -> L {
        let (a, b) = (coefficients.positive, coefficients.negative)
        let outside = (raw + a + b) * L.zero  // keeps a NaN of the prediction or the target
        if rule == LK_DERIVATIVE {
            let (factorP, factorQ) = (p + bounds.added, q + bounds.added)
            let fromP = factorP.ifAtLeast(bounds.factorFloor, a, L.zero)
            let fromQ = factorQ.ifAtLeast(bounds.factorFloor, b, L.zero)
            // One division, (B P - A Q) / (P Q), takes more instructions to keep 0 / 0 out, and is slower.
            let sum =
                fromQ.ifEqual(L.zero, L.zero, fromQ / factorQ)
                - fromP.ifEqual(L.zero, L.zero, fromP / factorP)
            return outside + raw.ifAtLeast(bounds.lower, bounds.upper.ifAtLeast(raw, sum, L.zero), L.zero)
        }
        let rest = L.one - raw
        if rule == LK_BOUNDED_FACTORS { return b / rest.atLeast(floor) - a / raw.atLeast(floor) }
        return (b * raw - a * rest) / (raw * rest).atLeast(floor)
    }
}

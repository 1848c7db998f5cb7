// SPDX-License-Identifier: Apache-2.0

/// The loss of one logit in each lane and its derivatives, with every edge case, from one exponential.
///
///     loss      A log(1 + e^-x) + B log(1 + e^x)  =  |x| w + (A + B) log(1 + e),   e = e^-|x|
///     gradient  B s(x) - A s(-x)                  =  (w - v e) / (1 + e) for x > 0, minus that for x <= 0
///     Hessian   (A + B) s(x) s(-x)                =  (A + B) e / (1 + e)^2
///
/// where w is the coefficient of the wrong label (B for x > 0, else A) and v the other. Nothing cancels for a 0/1
/// target: if it agrees with its logit, w = 0, and loss and gradient are about e, to full relative accuracy. An infinite
/// logit costs nothing where w = 0. `log(ofNormal:)` would hide a NaN; the linear part keeps it.
@frozen
public struct LogitElement<L: Lanes> {
    @usableFromInline let magnitude: L
    @usableFromInline let sign: L
    @usableFromInline let wrong: L
    @usableFromInline let agreeing: L
    @usableFromInline let total: L
    /// e^-|x|.
    @usableFromInline let e: L

    @inlinable @inline(always)
    public init(_ x: L, _ coefficients: Coefficients<L>) {
        magnitude = x.magnitude
        sign = x.ifGreater(L.zero, L.one, L.zero - L.one)
        wrong = x.ifGreater(L.zero, coefficients.negative, coefficients.positive)
        agreeing = x.ifGreater(L.zero, coefficients.positive, coefficients.negative)
        total = coefficients.total
        e = expOfNegative(magnitude, gradual: true)
    }

    @inlinable @inline(always)
    public var loss: L {
        let linear = wrong.ifEqual(L.zero, magnitude.atMost(L.zero), wrong * magnitude)
        return linear + total * log(ofNormal: L.one + e, lessOne: e)
    }

    @inlinable @inline(always)
    public var gradient: L { sign * ((wrong - agreeing * e) / (L.one + e)) }

    /// The plain total is 1 whatever the target is; the other factor keeps a NaN of it.
    @inlinable @inline(always)
    public var hessian: L {
        L.multiplyAdd(wrong, L.zero, total) * (e / (L.one + e) / (L.one + e))
    }
}

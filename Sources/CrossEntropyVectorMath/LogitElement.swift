// SPDX-License-Identifier: Apache-2.0

/// The loss of one logit per lane and its derivatives, with every edge case, from one exponential.
///
///     loss      A log(1 + e^-x) + B log(1 + e^x)  =  |x| w + (A + B) log(1 + e),   e = e^-|x|
///     gradient  B s(x) - A s(-x)                  =  (w - v e) / (1 + e) for x > 0, minus that for x <= 0
///     Hessian   (A + B) s(x) s(-x)                =  (A + B) e / (1 + e)^2
///
/// where w is the coefficient of the wrong label (B for x > 0, else A) and v the other. There is no cancellation for a
/// 0/1 target: if it agrees with its logit, w = 0, and the loss and the gradient are about e, with full relative
/// accuracy. The loss of an infinite logit is 0 where w = 0. A NaN stays NaN.
///
/// Error, with exact coefficients: below 3 ulp for the loss, 4 for the gradient and 6 for the Hessian (5.4 at the Float
/// -0.08196442, target 0, scale 1 / 4095, without fused instructions).
@frozen
public struct LogitElement<L: Lanes> {
    public let magnitude: L
    public let wrong: L
    /// e^-|x|.
    public let e: L
    @usableFromInline let x: L
    @usableFromInline let sign: L
    @usableFromInline let agreeing: L
    @usableFromInline let total: L

    @export(implementation) @inline(always)
    public init(_ x: L, _ coefficients: Coefficients<L>) {
        self.x = x
        magnitude = x.magnitude
        sign = x.ifGreater(L.zero, L.one, L.zero - L.one)
        wrong = x.ifGreater(L.zero, coefficients.negative, coefficients.positive)
        agreeing = x.ifGreater(L.zero, coefficients.positive, coefficients.negative)
        total = coefficients.total
        e = expOfNegative(magnitude, gradual: true)
    }

    /// 1 / (1 + e).
    @export(implementation) @inline(always) var larger: L { L.one / (L.one + e) }

    /// p and 1 - p, neither computed from the other.
    @export(implementation) @inline(always)
    public var probability: L { x.ifGreater(L.zero, larger, e * larger) }
    @export(implementation) @inline(always)
    public var complement: L { x.ifGreater(L.zero, e * larger, larger) }

    /// |x| w, where 0 times infinity is 0. A NaN stays NaN.
    @export(implementation) @inline(always)
    var linear: L { wrong.ifEqual(L.zero, magnitude.atMost(L.zero), wrong * magnitude) }

    @export(implementation) @inline(always)
    public var loss: L { L.multiplyAdd(total, log1p(e), linear) }

    /// The loss where A + B = 1, with one operation fewer.
    @export(implementation) @inline(always)
    public var lossOfTarget: L { log1p(e, plus: linear + e) }

    /// The loss of a finite logit; NaN for an infinite one that agrees with its target.
    @export(implementation) @inline(always)
    public var lossOfFinite: L {
        L.multiplyAdd(total, log1p(e), wrong * magnitude)
    }

    /// The gradient times `scale`.
    @export(implementation) @inline(always)
    public func gradient(times scale: L) -> L {
        L.multiplyAdd(L.zero - agreeing, e, wrong) * (sign * scale * larger)
    }

    /// The Hessian times `scale`. The plain total is 1 whatever the target is; the other term keeps a NaN target NaN.
    @export(implementation) @inline(always)
    public func hessian(times scale: L) -> L {
        L.multiplyAdd(wrong, L.zero, total) * scale * e * larger * larger
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The loss of one logit in each lane and its derivatives, with every edge case, from one exponential.
///
///     loss      A log(1 + e^-x) + B log(1 + e^x)  =  |x| w + (A + B) log(1 + e),   e = e^-|x|
///     gradient  B s(x) - A s(-x)                  =  (w - v e) / (1 + e) for x > 0, minus that for x <= 0
///     Hessian   (A + B) s(x) s(-x)                =  (A + B) e / (1 + e)^2
///
/// where w is the coefficient of the wrong label (B for x > 0, else A) and v the other. Nothing cancels for a 0/1
/// target: if it agrees with its logit, w = 0, and loss and gradient are about e, to full relative accuracy. An infinite
/// logit costs nothing where w = 0. `log1p` would hide a NaN; the linear part keeps it.
///
/// Error, against exact coefficients: loss below 3 ulp, gradient below 4, Hessian below 6 (5.4 at the Float -0.08196442, target 0,
/// scale 1 / 4095, without fused instructions).
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
    /// Whether A + B may be another number than 1.
    @usableFromInline let weighsLabels: Bool

    @export(implementation) @inline(always)
    public init(_ x: L, _ coefficients: Coefficients<L>, weighsLabels: Bool = true) {
        self.weighsLabels = weighsLabels
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

    /// p and 1 - p, neither from the other.
    @export(implementation) @inline(always)
    public var probability: L { x.ifGreater(L.zero, larger, e * larger) }
    @export(implementation) @inline(always)
    public var complement: L { x.ifGreater(L.zero, e * larger, larger) }

    @export(implementation) @inline(always)
    public var loss: L {
        // 0 times infinity is 0 here, and a NaN stays.
        let right = magnitude.atMost(L.zero)
        guard weighsLabels else {
            return log1p(e, plus: wrong.ifEqual(L.zero, right + e, L.multiplyAdd(wrong, magnitude, e)))
        }
        return wrong.ifEqual(
            L.zero, right + total * log1p(e), L.multiplyAdd(wrong, magnitude, total * log1p(e)))
    }

    /// The loss of a finite logit; NaN of an infinite one that agrees with its target.
    @export(implementation) @inline(always)
    public var lossOfFinite: L {
        weighsLabels
            ? L.multiplyAdd(wrong, magnitude, total * log1p(e))
            : log1p(e, plus: L.multiplyAdd(wrong, magnitude, e))
    }

    /// Times `scale`.
    @export(implementation) @inline(always)
    public func gradient(times scale: L) -> L {
        L.multiplyAdd(L.zero - agreeing, e, wrong) * (sign * scale * larger)
    }

    /// Times `scale`. The plain total is 1 whatever the target is; the other factor keeps a NaN of it.
    @export(implementation) @inline(always)
    public func hessian(times scale: L) -> L {
        L.multiplyAdd(wrong, L.zero, total) * scale * e * larger * larger
    }
}

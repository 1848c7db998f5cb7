// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The focal factor m^gamma of Lin et al. (2017), arXiv:1708.02002, and its effect on derivatives.
///
/// m = 1 - p_t = y (1 - p) + (1 - y) p, computed in a form that does not cancel. Let C be the loss without the factor,
/// C' and C'' its derivatives, r = p (1 - p) / m and d = 1 - 2 y (so that m' = d m r, m'' = m' (1 - 2 p)). Then
///
///     L   = m^gamma C
///     L'  = m^gamma (gamma d r C + C')
///     L'' = m^gamma (gamma r ((gamma - 1) d^2 r C + d (1 - 2 p) C + 2 d C') + C'')
///
/// The relative error of m^gamma = e^(gamma log m) is gamma |log m| times that of its exponent. The factor is applied
/// as two factors of m^(gamma/2), because m^gamma itself may be subnormal, with few bits, where its product with C / m
/// is not.
@frozen
public struct FocalFactor {
    /// m^(gamma/2).
    @usableFromInline let rootOfPower: F64x16
    /// y alpha + (1 - y) (1 - alpha).
    @usableFromInline let alpha: F64x16
    @usableFromInline let gamma: F64x16
    @usableFromInline let d: F64x16
    @usableFromInline let m: F64x16
    /// 1 - 2 p.
    @usableFromInline let tilt: F64x16
    @usableFromInline let r: F64x16

    /// Takes both probabilities, p and q = 1 - p, each as accurate as the caller can provide it.
    @export(implementation) @inline(always)
    public init(
        p: F64x16, q: F64x16, _ element: WeightedElement<F64x16>, _ formula: UnsafePointer<Formula>
    ) {
        typealias L = F64x16
        let (y, z) = (element.y, element.z)
        m = L.multiplyAdd(y, q, z * p)
        self.gamma = L(repeating: formula.pointee.gamma)
        alpha = L.multiplyAdd(
            y, L(repeating: formula.pointee.alphaPositive), z * L(repeating: formula.pointee.alphaNegative))
        d = element.difference
        tilt = q - p
        let spread = p * q
        // m = 0 where the prediction is certain and correct (or its complement underflows). Then r is the other
        // probability, 1.
        r = m.ifEqual(L.zero, L.one, spread / m)
        rootOfPower = expOfNegative(
            (L(repeating: -0.5) * self.gamma).strongZeroProduct(logAnywhere(m, lessOne: m - L.one)),
            gradual: true)
    }

    /// m^gamma times `term`, or 0 where m^gamma is 0.
    @export(implementation) @inline(always)
    func powerTimes(_ term: F64x16) -> F64x16 {
        rootOfPower.strongZeroProduct(rootOfPower.strongZeroProduct(term))
    }

    @export(implementation) @inline(always)
    public func loss(_ c: F64x16) -> F64x16 { alpha.timesLoss(powerTimes(c)) }

    /// The focal loss of a logit. If the plain loss of a finite logit is infinite, it is |x| times a weight; the factor
    /// is then applied to |x| before the weight is.
    @export(implementation) @inline(always)
    public func loss(of logit: LogitElement<F64x16>) -> F64x16 {
        let infinity = F64x16(repeating: .infinity)
        let (plain, usual) = (logit.loss, loss(logit.loss))
        let finite = loss(logit.magnitude) * logit.wrong
        return plain.magnitude.ifEqual(infinity, logit.magnitude.ifEqual(infinity, usual, finite), usual)
    }

    @export(implementation) @inline(always)
    public func gradient(_ c: F64x16, _ c1: F64x16) -> F64x16 {
        alpha.timesLoss(powerTimes(F64x16.multiplyAdd(gamma * d, r.strongZeroProduct(c), c1)))
    }

    /// The derivative with respect to a probability, where m' = d. 0 / 0 contributes nothing, because m^gamma is 0.
    /// Where `c` and `c1` are both infinite, `c` is the logarithm and `c1` the reciprocal of the same quantity, so `c1`
    /// dominates.
    ///
    /// - Parameters:
    ///   - scale: the scale of the contribution of `c`, applied to c / m: its product with `c` may be subnormal where
    ///     its product with c / m is not.
    ///   - c1: the derivative of the loss without the factor, already multiplied by the scale.
    @export(implementation) @inline(always)
    public func slope(_ c: F64x16, times scale: F64x16, _ c1: F64x16) -> F64x16 {
        let ratio = m.ifEqual(F64x16.zero, F64x16.zero, scale.timesLoss(c / m))
        let sum = (gamma * d).strongZeroProduct(ratio) + c1
        return alpha.timesLoss(
            powerTimes(c1.magnitude.ifEqual(F64x16(repeating: .infinity), c1, sum)))
    }

    @export(implementation) @inline(always)
    public func hessian(_ c: F64x16, _ c1: F64x16, _ c2: F64x16) -> F64x16 {
        typealias L = F64x16
        let rc = r.strongZeroProduct(c)
        let inner = (gamma - L.one) * d * d * r * rc + d * tilt * rc + L(repeating: 2) * d * (r * c1)
        return alpha.timesLoss(powerTimes(L.multiplyAdd(gamma, inner, c2)))
    }
}

extension Lanes {
    /// The product, or 0 where this factor is 0, whatever the other factor is.
    @export(implementation) @inline(always)
    public func strongZeroProduct(_ other: Self) -> Self { ifEqual(Self.zero, Self.zero, self * other) }

    /// The product, except that a weight of 0 turns an infinite loss (or derivative) into 0. A NaN stays NaN.
    @export(implementation) @inline(always)
    public func timesLoss(_ loss: Self) -> Self {
        ifEqual(Self.zero, loss.magnitude.atMost(Self.zero), self * loss)
    }
}

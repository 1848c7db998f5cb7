/// The loss of each lane, with every edge case: what the unreduced kernels write, and what the sums fall back to.
///
/// Formula, in nats: -(t log p + (1 - t) log(1 - p)), 0 log 0 = 0.

/// From logits: max(x, 0) - t x + log(1 + e^-|x|).
///
/// The first two terms are computed as |x| times the weight of the wrong label, so that they do not cancel; that
/// product is 0 for an infinite logit whose label agrees. `log(ofNormal:)` would hide a NaN; the linear part keeps it.
@inlinable @inline(always)
public func loss<L: Lanes>(logit x: L, target t: L) -> L {
    let magnitude = x.magnitude
    let wrong = x.ifGreater(L.zero, L.one - t, t)
    let linear = wrong.ifEqual(L.zero, magnitude.atMost(L.zero), wrong * magnitude)
    let e = expOfNegative(magnitude, gradual: true)
    return linear + log(ofNormal: L.one + e, lessOne: e)
}

/// How a probability, and its logarithm, are bounded before they are used; infinite bounds change nothing.
@frozen
public struct LaneBounds<L: Lanes> {
    @usableFromInline let lower: L
    @usableFromInline let upper: L
    @usableFromInline let logFloor: L

    @inlinable @inline(always)
    public init(lower: Double, upper: Double, logFloor: Double) {
        self.lower = L(repeating: L.Scalar(lower))
        self.upper = L(repeating: L.Scalar(upper))
        self.logFloor = L(repeating: L.Scalar(logFloor))
    }
}

/// From probabilities; a probability outside [0, 1] that the bounds let through gives NaN.
@inlinable @inline(always)
public func loss<L: Lanes>(probability: L, target t: L, bounds: LaneBounds<L>) -> L {
    let p = probability.atLeast(bounds.lower).atMost(bounds.upper)
    let rest = L.one - t
    let logP = logAnywhere(p, lessOne: p - L.one).atLeast(bounds.logFloor)
    let q = L.one - p
    let logQ = logAnywhere(q, lessOne: L.zero - p).atLeast(bounds.logFloor)
    let positive = t.ifEqual(L.zero, L.zero, t * logP)
    let negative = rest.ifEqual(L.zero, L.zero, rest * logQ)
    let outside = L(repeating: L.Scalar.nan)
    let valid = p.ifAtLeast(L.zero, q.ifAtLeast(L.zero, L.zero, outside), outside)
    return valid - (positive + negative)
}

// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// The sum of losses of any targets, smoothed, in the product form: from logits as `sumLogitLosses`, from probabilities
/// with one logarithm an element instead of two.
///
/// With a = min(p, 1 - p), b = max(p, 1 - p), e = a / b and w the weight of the wrong label,
///
///     -(y log p + (1 - y) log(1 - p)) = -log b - w log(a / b) = log(1 + e) + w (-log e),
///
/// the form of a logit -log e; no term is negative, so that nothing cancels. Two divisions, one inside the logarithm.
/// Error: rounding of e, of its logarithm, of w and of the product average out over different elements; where all are
/// alike, in Float 1.7e-7 of the loss at most (p = 0.0094, target 9.1e-8).
///
/// Returns NaN, and `evaluate` has the answer, where a smaller probability is not normal or below `factorFloor`.
@inlinable @inline(always)
public func sumSoftLosses<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ formula: UnsafePointer<lk_formula>
) -> Double {
    let smoothing = LabelSmoothing<S.Lanes>(formula)
    guard formula.pointee.is_probability != 0 else {
        return sumTerms(tile) { x, t in
            LogitTerm(
                linear: smoothing.weight(x.ifGreater(S.Lanes.zero, S.Lanes.one - t, t)) * x.magnitude,
                factorLessOne: expOfNegative(x.magnitude, gradual: false))
        }
    }
    let least = S.Lanes(repeating: max(S.leastNormalMagnitude, S(formula.pointee.factor_floor)))
    // Bounds and smoothing cost a sixth, so that the plain formula has a loop without.
    guard formula.pointee.bounded != 0 || smoothing.isOn else {
        return sumTerms(tile) { p, t in
            LogitTerm(probability: p, least: least) { $0.ifGreater($1, S.Lanes.one - t, t) }
        }
    }
    let bounds = LaneBounds<S.Lanes>(formula)
    return sumTerms(tile) { p, t in
        LogitTerm(probability: p.atLeast(bounds.lower).atMost(bounds.upper), least: least) {
            smoothing.weight($0.ifGreater($1, S.Lanes.one - t, t))
        }
    }
}

/// y = t keep + half, which is the same rule for 1 - t.
@frozen @usableFromInline
struct LabelSmoothing<L: Lanes> {
    @usableFromInline let keep: L
    @usableFromInline let half: L
    @usableFromInline let isOn: Bool

    @inlinable @inline(always)
    init(_ formula: UnsafePointer<lk_formula>) {
        keep = L(repeating: L.Scalar(formula.pointee.keep))
        half = L(repeating: L.Scalar(formula.pointee.half_smoothing))
        isOn = formula.pointee.half_smoothing != 0
    }

    @inlinable @inline(always)
    func weight(_ t: L) -> L { L.multiplyAdd(t, keep, half) }
}

extension LogitTerm {
    /// NaN where the smaller probability is below `least`, or p is NaN. `wrong` gives the weight of the wrong label for p
    /// and 1 - p.
    @inlinable @inline(always)
    init(probability p: L, least: L, wrong: (L, L) -> L) {
        let q = L.one - p
        let smaller = p.atMost(q)
        let odds = smaller.ifAtLeast(least, smaller, L(repeating: L.Scalar.nan)) / p.atLeast(q)
        self.init(
            linear: L.zero - wrong(p, q) * log(ofNormal: odds, lessOne: odds - L.one), factorLessOne: odds)
    }
}

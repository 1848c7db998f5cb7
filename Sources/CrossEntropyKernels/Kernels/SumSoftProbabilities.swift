// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the losses of probabilities with any targets and smoothing, with one logarithm per element instead of
/// two.
///
/// Let a = min(p, 1 - p), b = max(p, 1 - p), e = a / b and w the weight of the wrong label. Then
///
///     -(y log p + (1 - y) log(1 - p)) = -log b - w log(a / b) = log(1 + e) + w (-log e),
///
/// which has the form of the loss of a logit -log e. No term is negative, so nothing cancels. There are two divisions,
/// one of them inside the logarithm.
/// Error: the rounding errors of e, of its logarithm, of w and of the product average out over different elements. If
/// all elements are equal, the error in Float is at most 1.7e-7 of the loss (p = 0.0094, target 9.1e-8).
///
/// Gives NaN if the smaller of p and 1 - p is not normal or is below the formula's `factorFloor`.
@c @implementation
func vk_sum_soft_probabilities(_ a: UnsafeMutablePointer<vk_sum_soft_probabilities_args>) {
    sum(a, isWide: false)
}

@c(vk_sum_soft_probabilities_wide)
private func wide(_ a: UnsafeMutablePointer<vk_sum_soft_probabilities_args>) { sum(a, isWide: true) }

@inline(always)
private func sum(_ a: UnsafeMutablePointer<vk_sum_soft_probabilities_args>, isWide: Bool) {
    a.pointee.is_double ? sum(a, Double.self, isWide: isWide) : sum(a, Float.self, isWide: isWide)
}

/// Bounds and smoothing cost a sixth more, so the plain formula has a loop without them. The baseline has only that loop.
@inline(always)
private func sum<S: LaneScalar>(
    _ a: UnsafeMutablePointer<vk_sum_soft_probabilities_args>, _: S.Type, isWide: Bool
) {
    let formula = a.pointee.formula
    let tile = Tile<S, S>(a.pointee.predictions, a.pointee.targets, count: a.pointee.count)
    if formula.pointee.isBounded || formula.pointee.halfSmoothing != 0 {
        guard isWide else { return a.pointee.sum = .nan }
        var terms = BoundedTerms<S>(formula)
        a.pointee.sum = terms.multiply(tile, isWide: false).value(asSmallAs: S.self)
        a.pointee.may_be_outside = terms.check.mayBeOutside
    } else {
        var terms = SoftTerms<S>(formula)
        a.pointee.sum = terms.multiply(tile, isWide: isWide).value(asSmallAs: S.self)
        a.pointee.may_be_outside = terms.check.mayBeOutside
    }
}

private struct SoftTerms<S: LaneScalar>: SoftplusTerms {
    let least: S
    var check = DomainCheck<S.Lanes>()

    @inline(always)
    init(_ formula: UnsafePointer<Formula>) {
        least = max(S.leastNormalMagnitude, S(formula.pointee.factorFloor))
    }

    @inline(always)
    mutating func term<L: Lanes>(_ p: L, _ t: L, _ index: Int, _ count: Int) -> SoftplusTerm<L>
    where L.Scalar == S {
        check.see(t, count: count)
        return softTerm(p, least: L(repeating: least)) { $0.ifGreater($1, L.one - t, t) }
    }
}

private struct BoundedTerms<S: LaneScalar>: SoftplusTerms {
    let lower, upper, keep, half, least: S
    var check = DomainCheck<S.Lanes>()

    @inline(always)
    init(_ formula: UnsafePointer<Formula>) {
        (lower, upper) = (S(formula.pointee.lower), S(formula.pointee.upper))
        (keep, half) = (S(formula.pointee.keep), S(formula.pointee.halfSmoothing))
        least = max(S.leastNormalMagnitude, S(formula.pointee.factorFloor))
    }

    @inline(always)
    mutating func term<L: Lanes>(_ p: L, _ t: L, _ index: Int, _ count: Int) -> SoftplusTerm<L>
    where L.Scalar == S {
        check.see(t, count: count)
        let bounded = p.atLeast(L(repeating: lower)).atMost(L(repeating: upper))
        return softTerm(bounded, least: L(repeating: least)) {
            L.multiplyAdd($0.ifGreater($1, L.one - t, t), L(repeating: keep), L(repeating: half))
        }
    }
}

/// `wrong` returns the weight of the wrong label, given p and 1 - p.
@inline(always)
private func softTerm<L: Lanes>(_ p: L, least: L, wrong: (L, L) -> L) -> SoftplusTerm<L> {
    let q = L.one - p
    let smaller = p.atMost(q)
    let odds = smaller.ifAtLeast(least, smaller, L(repeating: L.Scalar.nan)) / p.atLeast(q)
    return SoftplusTerm(
        linear: L.zero - wrong(p, q) * log(ofNormal: odds, lessOne: odds - L.one), factorLessOne: odds)
}

extension vk_sum_soft_probabilities_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_sum_soft_probabilities_at(level.instructionSet, &self) }
}

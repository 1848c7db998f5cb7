// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the losses of logits with smoothing, a mask and missing targets. A + B is the formula's weight for every
/// element that counts, so the sum is still the logarithm of one product (`SoftplusProduct`). An element that does not
/// count is a factor of 1; no loop in wide lanes leaves elements out, because calls with both smoothing and a mask are
/// rare.
@c(vk_sum_smoothed_logits_wide)
private func wide(_ a: UnsafeMutablePointer<vk_sum_counted_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_counted_args>, _: S.Type) {
    let tile = Tile<S, S>(a.pointee.predictions, a.pointee.targets, count: a.pointee.count)
    var terms = SmoothedTerms<S>(a.pointee)
    if terms.counting.isNeeded {
        var terms = CountedTerms(terms: terms)
        a.pointee.sum = terms.multiply(tile, isWide: false).value(asSmallAs: S.self)
        a.pointee.counted = terms.terms.counting.counted(of: tile.count)
        a.pointee.may_be_outside = terms.terms.check.mayBeOutside
    } else {
        a.pointee.sum = terms.multiply(tile, isWide: true).value(asSmallAs: S.self)
        a.pointee.counted = Double(tile.count)
        a.pointee.may_be_outside = terms.check.mayBeOutside
    }
}

private struct SmoothedTerms<S: LaneScalar>: SoftplusTerms {
    let keep, half: S.Lanes
    var counting: CountingRule<S.Lanes>
    var check = DomainCheck<S.Lanes>()

    @inline(always)
    init(_ a: vk_sum_counted_args) {
        keep = S.Lanes(repeating: S(a.formula.pointee.keep))
        half = S.Lanes(repeating: S(a.formula.pointee.halfSmoothing))
        counting = CountingRule(a.formula, a.mask, readable: a.targets)
    }

    @inline(always)
    mutating func term<L: Lanes>(_ x: L, _ t: L, _ index: Int, _ count: Int) -> SoftplusTerm<L>
    where L.Scalar == S {
        term(x, t, where: L(allBits: true), index, count)
    }

    /// - Parameter counts: all bits set in lanes whose elements count, none in others.
    @inline(always)
    mutating func term<L: Lanes>(
        _ x: L, _ t: L, where counts: L, _ index: Int, _ count: Int
    ) -> SoftplusTerm<L> where L.Scalar == S {
        check.see(t & counts, count: count)
        let wrong = x.ifGreater(L.zero, L.one - t, t)
        return SoftplusTerm(
            logit: x, wrong: L.multiplyAdd(wrong, L(repeating: keep), L(repeating: half))
        ).where(counts)
    }
}

private struct CountedTerms<S: LaneScalar>: SoftplusTerms {
    var terms: SmoothedTerms<S>

    @inline(always)
    mutating func term<L: Lanes>(_ x: L, _ t: L, _ index: Int, _ count: Int) -> SoftplusTerm<L>
    where L.Scalar == S {
        let counts = terms.counting.count(t, index, count)
        return terms.term(x, t, where: counts, index, count)
    }
}

extension vk_sum_counted_args {
    @inline(never)
    mutating func sumSmoothedLogits(_ level: KernelLevel) {
        vk_sum_smoothed_logits_at(level.instructionSet, &self)
    }
}

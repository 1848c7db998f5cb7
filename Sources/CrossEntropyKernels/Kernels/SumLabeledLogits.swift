// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the losses of logits with 0/1 targets whose labels have different weights. All elements of one label have
/// the same coefficient A + B, so their sum is the logarithm of a product (`SoftplusProduct`). An element of the other
/// label, or one that does not count, is a factor of 1.
///
/// Gives NaN if a target is neither 0 nor 1.
@c(vk_sum_labeled_logits_wide)
private func wide(_ a: UnsafeMutablePointer<vk_sum_counted_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_counted_args>, _: S.Type) {
    var terms = LabeledTerms<S>(a)
    var (ones, zeros) = (SoftplusProduct(), SoftplusProduct())
    var index = 0
    while S.self == Float.self, index &+ S.WideLanes.count <= terms.tile.count {
        terms.tile.prefetchAhead(index, count: S.WideLanes.count)
        let (predictions, targets) = terms.tile.load(index, as: S.WideLanes.self)
        let term = terms.term(predictions, targets, index, S.WideLanes.count)
        ones.add(term.one.folded)
        zeros.add(term.zero.folded)
        index &+= S.WideLanes.count
    }
    while index < terms.tile.count {
        let count = min(S.Lanes.count, terms.tile.count &- index)
        let (predictions, targets) = terms.tile.load(index, count: count)
        let term = terms.term(predictions, targets, index, count)
        ones.add(term.one)
        zeros.add(term.zero)
        index &+= S.Lanes.count
    }
    let (one, zero) = (LabelCoefficients(a.pointee.formula, 1), LabelCoefficients(a.pointee.formula, 0))
    let logarithms = F64x16.multiplyAdd(
        F64x16(repeating: one.total), ones.logarithms, F64x16(repeating: zero.total) * zeros.logarithms)
    let total = (ones.linear + logarithms).sum
    a.pointee.sum = terms.check.areLabels && total >= SoftplusProduct.least(S.self) ? total : .nan
    a.pointee.counted = terms.counting.counted(of: terms.tile.count)
}

/// The contribution of elements to the products of the two labels; `one` has the linear parts of both.
private struct LabeledTerm<L: Lanes> {
    let one, zero: SoftplusTerm<L>
}

private struct LabeledTerms<S: LaneScalar> {
    let tile: Tile<S, S>
    var counting: CountingRule<S.Lanes>
    var check = LabelCheck<S.Lanes>()
    /// The factors of |x| for either label, where x is above 0 and where it is not.
    private let oneAbove, oneBelow, zeroAbove, zeroBelow: S

    @inline(always)
    init(_ a: UnsafeMutablePointer<vk_sum_counted_args>) {
        tile = Tile(a.pointee.predictions, a.pointee.targets, count: a.pointee.count)
        counting = CountingRule(a.pointee.formula, a.pointee.mask, readable: a.pointee.targets)
        let (one, zero) = (LabelCoefficients(a.pointee.formula, 1), LabelCoefficients(a.pointee.formula, 0))
        (oneAbove, oneBelow) = (S(one.negative), S(one.positive))
        (zeroAbove, zeroBelow) = (S(zero.negative), S(zero.positive))
    }

    @inline(always)
    mutating func term<L: Lanes>(
        _ x: L, _ t: L, _ index: Int, _ count: Int
    ) -> LabeledTerm<L> where L.Scalar == S {
        let isWhole = !counting.isNeeded && count == L.count
        let counts = isWhole ? L(allBits: true) : counting.count(t, index, count)
        check.see(isWhole ? t : t & counts)
        let wrong = t.ifEqual(
            L.one, x.ifGreater(L.zero, L(repeating: oneAbove), L(repeating: oneBelow)),
            x.ifGreater(L.zero, L(repeating: zeroAbove), L(repeating: zeroBelow)))
        var term = SoftplusTerm(logit: x, wrong: wrong)
        if !isWhole { term = term.where(counts) }
        return LabeledTerm(
            one: term.withFactor(where: t, L.one), zero: term.withFactorAlone(where: t, L.zero))
    }
}

extension vk_sum_counted_args {
    @inline(never)
    mutating func sumLabeledLogits(_ level: KernelLevel) {
        vk_sum_labeled_logits_at(level.instructionSet, &self)
    }
}

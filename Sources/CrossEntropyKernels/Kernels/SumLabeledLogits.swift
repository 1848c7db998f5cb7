// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the losses of logits with 0/1 targets whose labels have different weights. All elements of one label have
/// the same coefficient A + B, so their sum is the logarithm of a product (`SoftplusProduct`). An element of the other
/// label, or one that does not count, is a factor of 1.
///
/// Gives NaN if a target is neither 0 nor 1.
@c @implementation
func vk_sum_labeled_logits(_ a: UnsafeMutablePointer<vk_sum_counted_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_counted_args>, _: S.Type) {
    typealias L = S.Lanes
    var terms = LabeledTerms<S>(a)
    var (ones, zeros) = (SoftplusProduct(), SoftplusProduct())
    var index = 0
    while S.self == Float.self, index &+ 4 &* L.count <= terms.tile.count {
        terms.tile.prefetchAhead(index)
        let (a, b) = (terms.load(index, L.count), terms.load(index &+ L.count, L.count))
        let c = terms.load(index &+ 2 &* L.count, L.count)
        let d = terms.load(index &+ 3 &* L.count, L.count)
        ones.add(a.one.joined(b.one).joined(c.one.joined(d.one)))
        zeros.add(a.zero.joined(b.zero).joined(c.zero.joined(d.zero)))
        index &+= 4 &* L.count
    }
    while index < terms.tile.count {
        let term = terms.load(index, min(L.count, terms.tile.count &- index))
        ones.add(term.one)
        zeros.add(term.zero)
        index &+= L.count
    }
    let (one, zero) = (LabelCoefficients(a.pointee.formula, 1), LabelCoefficients(a.pointee.formula, 0))
    let logarithms = F64x16.multiplyAdd(
        F64x16(repeating: one.total), ones.logarithms, F64x16(repeating: zero.total) * zeros.logarithms)
    let total = (ones.linear + logarithms).sum
    a.pointee.sum = terms.check.areLabels && total >= SoftplusProduct.least(S.self) ? total : .nan
    a.pointee.counted = terms.counting.isNeeded ? terms.counted.widened.sum : Double(terms.tile.count)
}

/// The contribution of sixteen elements to the products of the two labels; `one` has the linear parts of both.
private struct LabeledTerm<L: SixteenLanes> {
    let one, zero: SoftplusTerm<L>
}

private struct LabeledTerms<S: LaneScalar> {
    let tile: Tile<S, S, S>
    let counting: CountingRule<S.Lanes>
    var counted = S.Lanes.zero
    var check = LabelCheck<S.Lanes>()
    /// The factors of |x| for either label, where x is above 0 and where it is not.
    private let oneAbove, oneBelow, zeroAbove, zeroBelow: S.Lanes

    @inline(always)
    init(_ a: UnsafeMutablePointer<vk_sum_counted_args>) {
        let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
        tile = Tile(S.self, predictions, targets, count: a.pointee.count)
        counting = CountingRule(a.pointee.formula, a.pointee.mask, readable: a.pointee.targets)
        let (one, zero) = (LabelCoefficients(a.pointee.formula, 1), LabelCoefficients(a.pointee.formula, 0))
        oneAbove = S.Lanes(repeating: S(one.negative))
        oneBelow = S.Lanes(repeating: S(one.positive))
        zeroAbove = S.Lanes(repeating: S(zero.negative))
        zeroBelow = S.Lanes(repeating: S(zero.positive))
    }

    @inline(always)
    mutating func load(_ index: Int, _ count: Int) -> LabeledTerm<S.Lanes> {
        typealias L = S.Lanes
        let isWhole = !counting.isNeeded && count == L.count
        var (x, t) = tile.load(index, count: count)
        let counts = isWhole ? L(allBits: true) : counting.counts(t, index, count)
        if !isWhole {
            counted = counted + (counts & L.one)
            (x, t) = (x & counts, t & counts)
        }
        check.see(t)
        let wrong = t.ifEqual(
            L.one, x.ifGreater(L.zero, oneAbove, oneBelow), x.ifGreater(L.zero, zeroAbove, zeroBelow))
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

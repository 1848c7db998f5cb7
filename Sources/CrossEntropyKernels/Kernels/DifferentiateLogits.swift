// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The derivatives of plain losses with respect to logits, times the formula's scale, and the sum of the losses from the
/// same exponentials, bit-identical to that of `vk_sum_logits` or `vk_sum_counted_logits`. Leaving the sum out when it is
/// not wanted would save nothing: it takes only a multiplication and an addition per element, next to a division.
@c @implementation
func vk_differentiate_logits(_ a: UnsafeMutablePointer<vk_differentiate_logits_args>) {
    differentiate(a, isWide: false)
}

@c(vk_differentiate_logits_wide)
private func wide(_ a: UnsafeMutablePointer<vk_differentiate_logits_args>) { differentiate(a, isWide: true) }

@inline(always)
private func differentiate(_ a: UnsafeMutablePointer<vk_differentiate_logits_args>, isWide: Bool) {
    a.pointee.is_double
        ? differentiate(a, Double.self, isWide: isWide) : differentiate(a, Float.self, isWide: isWide)
}

@inline(always)
private func differentiate<S: LaneScalar>(
    _ a: UnsafeMutablePointer<vk_differentiate_logits_args>, _: S.Type, isWide: Bool
) {
    let tile = Tile<S, S>(a.pointee.predictions, a.pointee.targets, count: a.pointee.count)
    var terms = DifferentiatedTerms<S>(a.pointee)
    if a.pointee.mask != nil || a.pointee.formula.pointee.hasMissing {
        guard isWide else { return a.pointee.sum = .nan }
        let counting = CountingRule<S.Lanes>(
            a.pointee.formula, a.pointee.mask, readable: a.pointee.targets)
        var counted = CountedTerms(counting: counting, terms: terms)
        a.pointee.sum = counted.multiply(tile, isWide: S.self == Float.self).value(
            asSmallAs: S.self)
        a.pointee.counted = counted.counting.counted(of: tile.count)
        a.pointee.may_be_outside = counted.terms.check.mayBeOutside
    } else {
        a.pointee.sum = terms.multiply(tile, isWide: isWide).value(asSmallAs: S.self)
        a.pointee.counted = Double(tile.count)
        a.pointee.may_be_outside = terms.check.mayBeOutside
    }
}

/// Writes the derivatives of the elements.
private struct DifferentiatedTerms<S: LaneScalar>: SoftplusTerms {
    let gradient: UnsafeMutableRawPointer
    let hessian: UnsafeMutableRawPointer?
    let scale: S
    var check = DomainCheck<S.Lanes>()

    @inline(always)
    init(_ a: vk_differentiate_logits_args) {
        (gradient, hessian, scale) = (a.gradient, a.hessian, S(a.formula.pointee.scale))
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
        let element = LogitElement(x, Coefficients(target: t))
        let scale = L(repeating: scale)
        (element.gradient(times: scale) & counts).store(gradient, index, count: count)
        if let hessian { (element.hessian(times: scale) & counts).store(hessian, index, count: count) }
        return SoftplusTerm(linear: element.wrong * element.magnitude, factorLessOne: element.e).where(counts)
    }
}

/// The same with a mask and missing targets: an element that does not count is a factor of 1, and its derivatives
/// are 0.
private struct CountedTerms<S: LaneScalar>: SoftplusTerms {
    var counting: CountingRule<S.Lanes>
    var terms: DifferentiatedTerms<S>

    @inline(always)
    mutating func term<L: Lanes>(_ x: L, _ t: L, _ index: Int, _ count: Int) -> SoftplusTerm<L>
    where L.Scalar == S {
        let counts = counting.count(t, index, count)
        return terms.term(x, t, where: counts, index, count)
    }
}

extension vk_differentiate_logits_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_differentiate_logits_at(level.instructionSet, &self) }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the plain losses of logits with a mask and missing targets: see `vk_sum_logits`. An element that does not
/// count is a factor of 1.
@c(vk_sum_counted_logits_wide)
private func wide(_ a: UnsafeMutablePointer<vk_sum_counted_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_counted_args>, _: S.Type) {
    let tile = Tile<S, S>(a.pointee.predictions, a.pointee.targets, count: a.pointee.count)
    let counting = CountingRule<S.Lanes>(a.pointee.formula, a.pointee.mask, readable: a.pointee.targets)
    // What is common has wide loops without the comparisons that decide nothing, which take a tenth of the time.
    if !counting.readsTargets {
        sum(&a.pointee, tile, CountedTerms(counting: counting, criteria: .mask), isWide: true)
    } else if S.self == Float.self, !counting.hasMask {
        sum(&a.pointee, tile, CountedTerms(counting: counting, criteria: .targets), isWide: true)
    } else {
        sum(&a.pointee, tile, CountedTerms(counting: counting, criteria: .both), isWide: false)
    }
}

@inline(always)
private func sum<S: LaneScalar>(
    _ a: inout vk_sum_counted_args, _ tile: Tile<S, S>, _ counted: CountedTerms<S>, isWide: Bool
) {
    var terms = counted
    a.sum = terms.multiply(tile, isWide: isWide).value(asSmallAs: S.self)
    a.counted = terms.counting.counted(of: tile.count)
    a.may_be_outside = terms.check.mayBeOutside
}

private struct CountedTerms<S: LaneScalar>: SoftplusTerms {
    var counting: CountingRule<S.Lanes>
    let criteria: CountingCriteria
    var check = DomainCheck<S.Lanes>()

    @inline(always)
    mutating func term<L: Lanes>(_ x: L, _ t: L, _ index: Int, _ count: Int) -> SoftplusTerm<L>
    where L.Scalar == S {
        let counts = counting.count(t, index, count, by: criteria)
        check.see(t & counts)
        return SoftplusTerm(x, t).where(counts)
    }
}

extension vk_sum_counted_args {
    @inline(never)
    mutating func sumCountedLogits(_ level: KernelLevel) {
        vk_sum_counted_logits_at(level.instructionSet, &self)
    }
}

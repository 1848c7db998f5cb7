// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the losses of logits with smoothing, a mask and missing targets. A + B is the formula's weight for every
/// element that counts, so the sum is still the logarithm of one product (`SoftplusProduct`). An element that does not
/// count is a factor of 1.
@c @implementation
func vk_sum_smoothed_logits(_ a: UnsafeMutablePointer<vk_sum_counted_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_counted_args>, _: S.Type) {
    typealias L = S.Lanes
    let formula = a.pointee.formula
    let tile = Tile(
        S.self, Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets), count: a.pointee.count)
    let keep = L(repeating: S(formula.pointee.keep))
    let half = L(repeating: S(formula.pointee.halfSmoothing))
    let counting = CountingRule<L>(formula, a.pointee.mask, readable: a.pointee.targets)
    var check = DomainCheck<L>()
    defer { a.pointee.is_outside = check.isOutside }
    guard counting.isNeeded else {
        a.pointee.counted = Double(tile.count)
        a.pointee.sum = multiplyTerms(tile, isUnrolled: S.self == Float.self) { x, t, _, count in
            check.see(t, count: count)
            let wrong = L.multiplyAdd(x.ifGreater(L.zero, L.one - t, t), keep, half)
            return SoftplusTerm(logit: x, wrong: wrong)
        }.value(asSmallAs: S.self)
        return
    }
    var counted = L.zero
    a.pointee.sum = multiplyTerms(tile, isUnrolled: S.self == Float.self) { x, t, index, count in
        let counts = counting.counts(t, index, count)
        counted = counted + (counts & L.one)
        let (logit, target) = (x & counts, t & counts)
        check.see(target)
        let wrong = L.multiplyAdd(logit.ifGreater(L.zero, L.one - target, target), keep, half)
        return SoftplusTerm(logit: logit, wrong: wrong).where(counts)
    }.value(asSmallAs: S.self)
    a.pointee.counted = counted.widened.sum
}

extension vk_sum_counted_args {
    @inline(never)
    mutating func sumSmoothedLogits(_ level: KernelLevel) {
        vk_sum_smoothed_logits_at(level.instructionSet, &self)
    }
}

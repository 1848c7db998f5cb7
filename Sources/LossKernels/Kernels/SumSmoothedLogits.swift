// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// The loss of logits with smoothing, a mask and missing targets, summed: A + B is the formula's weight for every element
/// that counts, so that the sum is still the logarithm of one product (`SoftplusProduct`). An element that does not count
/// is a factor of 1.
@c @implementation
func vk_sum_smoothed_logits(_ a: UnsafeMutablePointer<vk_sum_smoothed_logits_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_smoothed_logits_args>, _: S.Type) {
    typealias L = S.Lanes
    let formula = a.pointee.formula.pointee
    let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
    let (keep, half) = (L(repeating: S(formula.keep)), L(repeating: S(formula.halfSmoothing)))
    let counting = CountingRule<L>(a.pointee.formula, a.pointee.mask)
    var (sum, counted) = (SoftplusProduct(), F64x16.zero)
    var index = 0
    while index < a.pointee.count {
        // Four factors are multiplied in the element type.
        let end = min(a.pointee.count, index &+ 4 &* L.count)
        var (group, groupCount) = (SoftplusTerm<L>.neutral, L.zero)
        predictions.prefetchAhead(index)
        targets.prefetchAhead(index)
        while index < end {
            let count = min(L.count, end &- index)
            let t = targets.load(index, count: count, as: L.self)
            let x = predictions.load(index, count: count, as: L.self)
            let counts = counting.counts(t, index, count)
            let magnitude = counts.ifEqual(L.zero, L.zero, x.magnitude)
            let wrong = counts.ifEqual(
                L.zero, L.zero, L.multiplyAdd(x.ifGreater(L.zero, L.one - t, t), keep, half))
            let e = expOfNegative(magnitude, gradual: false)
            let term = SoftplusTerm(
                linear: wrong * magnitude, factorLessOne: counts.ifEqual(L.zero, L.zero, e))
            group = term.joined(group)
            groupCount = groupCount + counts
            index &+= L.count
        }
        sum.add(group)
        counted = counted + groupCount.widened
    }
    a.pointee.sum = sum.value(asSmallAs: S.self)
    a.pointee.counted = counted.sum
}

extension vk_sum_smoothed_logits_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_sum_smoothed_logits_at(level.instructionSet, &self) }
}

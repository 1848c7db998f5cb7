// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// The loss of logits with 0/1 targets whose labels weigh differently, summed: the elements of each label have one
/// coefficient A + B, so that their sum is the logarithm of a product (`SoftplusProduct`). An element of the other label,
/// or one that does not count, is a factor of 1.
///
/// Gives NaN where a target is neither 0 nor 1.
@c @implementation
func vk_sum_labeled_logits(_ a: UnsafeMutablePointer<vk_sum_labeled_logits_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_labeled_logits_args>, _: S.Type) {
    typealias L = S.Lanes
    let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
    let counting = CountingRule<L>(a.pointee.formula, a.pointee.mask)
    let (one, zero) = (LabelCoefficients(a.pointee.formula, 1), LabelCoefficients(a.pointee.formula, 0))
    let (wrongOne, rightOne) = (L(repeating: S(one.negative)), L(repeating: S(one.positive)))
    let (wrongZero, rightZero) = (L(repeating: S(zero.negative)), L(repeating: S(zero.positive)))
    var (ones, zeros, counted, soft) = (SoftplusProduct(), SoftplusProduct(), F64x16.zero, L.zero)
    var index = 0
    while index < a.pointee.count {
        let end = min(a.pointee.count, index &+ 4 &* L.count)
        var (oneGroup, zeroGroup) = (SoftplusTerm<L>.neutral, SoftplusTerm<L>.neutral)
        var groupCount = L.zero
        predictions.prefetchAhead(index)
        targets.prefetchAhead(index)
        while index < end {
            let count = min(L.count, end &- index)
            let x = predictions.load(index, count: count, as: L.self)
            var t = targets.load(index, count: count, as: L.self)
            let counts = counting.counts(t, index, count)
            t = counts.ifEqual(L.zero, L.zero, t)
            soft = soft + t.ifEqual(L.zero, L.zero, (t - L.one).magnitude)
            let magnitude = counts.ifEqual(L.zero, L.zero, x.magnitude)
            let e = counts.ifEqual(L.zero, L.zero, expOfNegative(magnitude, gradual: false))
            let (ofOne, ofZero) = (
                x.ifGreater(L.zero, wrongOne, rightOne), x.ifGreater(L.zero, wrongZero, rightZero)
            )
            // The linear parts of both labels are in one sum.
            oneGroup = SoftplusTerm(
                linear: t.ifEqual(L.one, ofOne, ofZero) * magnitude,
                factorLessOne: t.ifEqual(L.one, e, L.zero)
            ).joined(oneGroup)
            zeroGroup = SoftplusTerm(linear: L.zero, factorLessOne: t.ifEqual(L.one, L.zero, e))
                .joined(zeroGroup)
            groupCount = groupCount + counts
            index &+= L.count
        }
        ones.add(oneGroup)
        zeros.add(zeroGroup)
        counted = counted + groupCount.widened
    }
    let sum =
        ones.linear
        + F64x16.multiplyAdd(
            F64x16(repeating: one.total), ones.logarithms, F64x16(repeating: zero.total) * zeros.logarithms)
    let (total, isHard) = (sum.sum, soft.widened.sum == 0)
    a.pointee.sum = isHard && total >= SoftplusProduct.least(S.self) ? total : .nan
    a.pointee.counted = counted.sum
}

extension vk_sum_labeled_logits_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_sum_labeled_logits_at(level.instructionSet, &self) }
}

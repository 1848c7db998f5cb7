// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// The gradient of plain losses with respect to their probabilities, times the formula's scale. With 0/1 targets, and a bound
/// at most on p, it is 1 / ((1 - t) - p): one division.
@c @implementation
func vk_differentiate_probabilities(_ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>) {
    a.pointee.is_double ? differentiate(a, Double.self) : differentiate(a, Float.self)
}

@inline(always)
private func differentiate<S: LaneScalar>(
    _ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>, _: S.Type
) {
    typealias L = S.Lanes
    let formula = a.pointee.formula
    let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
    let rule = formula.pointee.gradientRule
    let isHardRule = rule == .derivative && formula.pointee.added == 0 && formula.pointee.factorFloor == 0
    let (scale, floor) = (
        L(repeating: S(formula.pointee.scale)), L(repeating: S(formula.pointee.gradientFloor))
    )
    let bounds = LaneBounds<L>(formula)
    var notFinite = L.zero
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        let p = predictions.load(index, count: count, as: L.self)
        let t = targets.load(index, count: count, as: L.self)
        let soft = t.ifEqual(L.zero, L.zero, t - L.one)
        let gradient: L
        if isHardRule, soft.unionOfBits == 0 {
            gradient = bounds.ifInside(p, scale / ((L.one - t) - p)) + p * L.zero
        } else {
            gradient =
                ProbabilityElement(p, Coefficients(target: t), bounds)
                .gradient(rule, floor: floor, scale: scale)
        }
        gradient.store(a.pointee.gradient, index, count: count)
        notFinite = L.multiplyAdd(
            count == L.count ? gradient : gradient.inPrefix(count, else: L.zero), L.zero, notFinite)
        index &+= L.count
    }
    a.pointee.is_finite = notFinite.widened.sum == 0
}

extension vk_differentiate_probabilities_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_differentiate_probabilities_at(level.instructionSet, &self) }
}

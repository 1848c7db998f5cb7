// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// The gradient of plain losses with respect to their probabilities, times the formula's scale. Without bounds on logarithms,
///
///     -t / p + (1 - t) / (1 - p) = (p - t) / (p (1 - p)),
///
/// one division, in which nothing is lost: p - t is rounded once, and a 1 - p that was rounded stands above and below. Where both
/// are 0, at a certain and right prediction, it is 1 or -1.
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
    let gradients = ProbabilityGradients<L>(formula)
    let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
    var notFinite = L.zero
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        let p = predictions.load(index, count: count, as: L.self)
        let t = targets.load(index, count: count, as: L.self)
        let gradient = gradients.gradient(p, t)
        gradient.store(a.pointee.gradient, index, count: count)
        notFinite = L.multiplyAdd(
            count == L.count ? gradient : gradient.inPrefix(count, else: L.zero), L.zero, notFinite)
        index &+= L.count
    }
    a.pointee.is_finite = notFinite.widened.sum == 0
}

private struct ProbabilityGradients<L: Lanes> {
    let rule: GradientRule
    let isRatio, isBounded: Bool
    let bounds: LaneBounds<L>
    let floor, scale: L

    @inline(always)
    init(_ formula: UnsafePointer<Formula>) {
        rule = formula.pointee.gradientRule
        isRatio = rule == .derivative && formula.pointee.added == 0 && formula.pointee.factorFloor == 0
        isBounded = formula.pointee.isBounded
        bounds = LaneBounds(formula)
        floor = L(repeating: L.Scalar(formula.pointee.gradientFloor))
        scale = L(repeating: L.Scalar(formula.pointee.scale))
    }

    @inline(always)
    func gradient(_ p: L, _ t: L) -> L {
        guard isRatio else {
            return ProbabilityElement(p, Coefficients(target: t), bounds)
                .gradient(rule, floor: floor, scale: scale)
        }
        let (error, variance) = (p - t, p * (L.one - p))
        let ratio = error / variance
        let limit = (L.one - t) - p
        let slope = variance.ifEqual(L.zero, error.ifEqual(L.zero, limit, ratio), ratio) * scale
        // A NaN outside of the bounds, of the prediction or the target, stays NaN.
        return isBounded ? bounds.ifInside(p, slope) + (p + t) * L.zero : slope
    }
}

extension vk_differentiate_probabilities_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_differentiate_probabilities_at(level.instructionSet, &self) }
}

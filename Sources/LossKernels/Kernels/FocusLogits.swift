// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// Focal losses of logits with 0/1 targets, in the logits' type (Lin et al. 2017, arXiv:1708.02002).
///
/// With z = x for the label 1 and -x for 0, p = s(z) the probability of the label, m = 1 - p and l = -log p = softplus(-z):
///
///     loss      m^gamma l
///     d / d z   -m^gamma (gamma p l + m)
///     d2 / d z2  m^gamma p (gamma^2 p l + (2 gamma + 1) m - gamma m l)
///
/// times w alpha. A whole gamma is a product; any other takes one exponential more, as log m = -softplus(z) needs no
/// logarithm of its own.
///
/// Error: whole gamma below 8 + 2 gamma ulp; otherwise gamma |log m| ulp more. Gives NaN where a target is not 0 or 1.
@c @implementation
func vk_focus_logits(_ a: UnsafeMutablePointer<vk_elements_args>) {
    a.pointee.is_double ? focus(a, Double.self) : focus(a, Float.self)
}

@inline(always)
private func focus<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_elements_args>, _: S.Type) {
    typealias L = S.Lanes
    var elements = WeightedElements<S>(a)
    let formula = a.pointee.formula
    let one = L(repeating: S(formula.pointee.alphaPositive * formula.pointee.positiveWeight))
    let zero = L(repeating: S(formula.pointee.alphaNegative))
    let power = FocalPower<L>(gamma: formula.pointee.gamma)
    let scale = L(repeating: S(formula.pointee.scale))
    let (losses, gradient, hessian) = (a.pointee.losses, a.pointee.gradient, a.pointee.hessian)
    var (sum, soft) = (F64x16.zero, L.zero)
    var index = 0
    while index < elements.count {
        let end = min(elements.count, index &+ 2 &* L.count)
        var pair = L.zero
        while index < end {
            let count = min(L.count, end &- index)
            let next = elements.load(index, count)
            let t = next.y
            soft = soft + t.ifEqual(L.zero, L.zero, (t - L.one).magnitude)
            let weight = next.weight * t.ifEqual(L.one, one, zero)
            let sign = t.ifEqual(L.one, L.one, L.zero - L.one)
            let element = FocalElement(sign * next.prediction, power)
            let loss = weight.timesLoss(element.loss)
            pair = pair + loss
            if let losses { loss.store(losses, index, count: count) }
            if let gradient {
                (weight.timesLoss(sign * element.slope) * scale).store(gradient, index, count: count)
            }
            if let hessian { (weight.timesLoss(element.curvature) * scale).store(hessian, index, count: count) }
            index &+= L.count
        }
        sum = sum + pair.widened
    }
    elements.finish(a, sum: soft.widened.sum == 0 ? sum : F64x16(repeating: .nan))
}

extension vk_elements_args {
    @inline(never)
    mutating func focusLogits(_ level: KernelLevel) { vk_focus_logits_at(level.instructionSet, &self) }
}

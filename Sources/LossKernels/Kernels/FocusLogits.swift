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
func vk_focus_logits(_ a: UnsafeMutablePointer<vk_focus_logits_args>) {
    a.pointee.is_double ? focus(a, Double.self) : focus(a, Float.self)
}

@inline(always)
private func focus<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_focus_logits_args>, _: S.Type) {
    typealias L = S.Lanes
    let formula = a.pointee.formula.pointee
    let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
    // The weights of the elements have it.
    let common = a.pointee.weights == nil ? formula.weight : 1
    let one = L(repeating: S(common * formula.alphaPositive * formula.positiveWeight))
    let zero = L(repeating: S(common * formula.alphaNegative))
    let power = FocalPower<L>(gamma: formula.gamma)
    let scale = L(repeating: S(formula.scale))
    var (sum, soft) = (F64x16.zero, L.zero)
    var index = 0
    while index < a.pointee.count {
        let end = min(a.pointee.count, index &+ 4 &* L.count)
        var group = L.zero
        while index < end {
            let count = min(L.count, end &- index)
            let x = predictions.load(index, count: count, as: L.self)
            let t = targets.load(index, count: count, as: L.self)
            soft = soft + t.ifEqual(L.zero, L.zero, (t - L.one).magnitude)
            var weight = t.ifEqual(L.one, one, zero)
            if let place = a.pointee.weights { weight = weight * Elements<S>(place).load(index, as: L.self) }
            let sign = t.ifEqual(L.one, L.one, L.zero - L.one)
            let element = FocalElement(sign * x, power)
            let loss = weight.timesLoss(element.loss)
            group = group + (count == L.count ? loss : loss.inPrefix(count, else: L.zero))
            if let place = a.pointee.losses { loss.store(place, index, count: count) }
            if let place = a.pointee.gradient {
                let gradient = weight.timesLoss(sign * element.slope) * scale
                gradient.store(place, index, count: count)
            }
            if let place = a.pointee.hessian {
                (weight.timesLoss(element.curvature) * scale).store(place, index, count: count)
            }
            index &+= L.count
        }
        sum = sum + group.widened
    }
    a.pointee.sum = soft.widened.sum == 0 ? sum.sum : .nan
}

extension vk_focus_logits_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_focus_logits_at(level.instructionSet, &self) }
}

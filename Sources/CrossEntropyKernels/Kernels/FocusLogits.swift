// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Focal losses of logits with 0/1 targets, in the logits' type (Lin et al. 2017, arXiv:1708.02002).
///
/// Let z = x for label 1 and -x for label 0, p = s(z) the probability of the label, m = 1 - p and
/// l = -log p = softplus(-z):
///
///     loss      m^gamma l
///     d / d z   -m^gamma (gamma p l + m)
///     d2 / d z2  m^gamma p (gamma^2 p l + (2 gamma + 1) m - gamma m l)
///
/// times w alpha. A whole gamma is computed by multiplication; any other gamma takes one more exponential, because
/// log m = -softplus(z) needs no logarithm of its own.
///
/// Error: for whole gamma, below 8 + 2 gamma ulp; otherwise gamma |log m| ulp more. Gives NaN if a target is not
/// 0 or 1.
@c @implementation
func vk_focus_logits(_ a: UnsafeMutablePointer<vk_elements_args>) {
    a.pointee.is_double ? focus(a, Double.self) : focus(a, Float.self)
}

@inline(always)
private func focus<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_elements_args>, _: S.Type) {
    typealias L = S.Lanes
    var elements = WeightedElements<S>(a)
    var outputs = FocalOutputs<S>(a)
    var sum = F64x16.zero
    var index = 0
    while index &+ 2 &* L.count <= elements.count {
        // Two vectors are added in the element type, which is exact where they are equal.
        let end = index &+ 2 &* L.count
        var pair = L.zero
        while index < end {
            pair = pair + outputs.write(elements.load(index, L.count), index, L.count)
            index &+= L.count
        }
        sum = sum + pair.widened
    }
    while index < elements.count {
        let count = min(L.count, elements.count &- index)
        sum = sum + outputs.write(elements.load(index, count), index, count).widened
        index &+= L.count
    }
    let isKnown = outputs.check.areLabels
    elements.finish(a, sum: isKnown ? sum + outputs.notFinite.widened : F64x16(repeating: .nan))
}

private struct FocalOutputs<S: LaneScalar> {
    let losses, gradient, hessian: UnsafeMutableRawPointer?
    let scale: S.Lanes
    let power: FocalPower<S.Lanes>
    /// The weights of elements with label 1 and label 0.
    let one, zero: S.Lanes
    var check = LabelCheck<S.Lanes>()
    /// NaN once a derivative has been infinite or NaN.
    var notFinite = S.Lanes.zero

    @inline(always)
    init(_ a: UnsafeMutablePointer<vk_elements_args>) {
        let formula = a.pointee.formula
        (losses, gradient, hessian) = (a.pointee.losses, a.pointee.gradient, a.pointee.hessian)
        scale = S.Lanes(repeating: S(formula.pointee.scale))
        power = FocalPower(gamma: formula.pointee.gamma)
        one = S.Lanes(repeating: S(formula.pointee.alphaPositive * formula.pointee.positiveWeight))
        zero = S.Lanes(repeating: S(formula.pointee.alphaNegative))
    }

    /// Writes the requested outputs of sixteen elements, and returns their losses.
    @inline(always)
    mutating func write(_ next: WeightedElement<S.Lanes>, _ index: Int, _ count: Int) -> S.Lanes {
        typealias L = S.Lanes
        let (x, t) = (next.prediction, next.y)
        check.see(t)
        let weight = next.weight * t.ifEqual(L.one, one, zero)
        let element = FocalElement(x, wrong: x.ifGreater(L.zero, L.one - t, t), power)
        let loss = weight * element.loss
        if let losses { loss.store(losses, index, count: count) }
        if let gradient {
            let factor = weight * scale
            let slope = t.ifEqual(L.one, factor, L.zero - factor) * element.slope
            slope.store(gradient, index, count: count)
            notFinite = L.multiplyAdd(slope, L.zero, notFinite)
            if let hessian {
                let curvature = factor * element.curvature
                curvature.store(hessian, index, count: count)
                notFinite = L.multiplyAdd(curvature, L.zero, notFinite)
            }
        }
        return loss
    }
}

extension vk_elements_args {
    @inline(never)
    mutating func focusLogits(_ level: KernelLevel) { vk_focus_logits_at(level.instructionSet, &self) }
}

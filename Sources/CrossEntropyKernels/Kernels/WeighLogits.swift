// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Losses of logits with every option in which they are linear, in the logits' type: one logarithm per element, and the
/// requested derivatives from the same exponential.
///
/// The sum is infinite or NaN if a logit is, or if the type cannot hold it.
@c @implementation
func vk_weigh_logits(_ a: UnsafeMutablePointer<vk_elements_args>) {
    a.pointee.is_double ? weigh(a, Double.self) : weigh(a, Float.self)
}

@inline(always)
private func weigh<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_elements_args>, _: S.Type) {
    typealias L = S.Lanes
    var elements = WeightedElements<S>(a)
    let outputs = LogitOutputs<S>(a, weighsLabels: elements.weighsLabels)
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
    elements.finish(a, sum: sum)
}

private struct LogitOutputs<S: LaneScalar> {
    let losses, gradient, hessian: UnsafeMutableRawPointer?
    let scale: S.Lanes
    let weighsLabels: Bool

    @inline(always)
    init(_ a: UnsafeMutablePointer<vk_elements_args>, weighsLabels: Bool) {
        self.weighsLabels = weighsLabels
        (losses, gradient, hessian) = (a.pointee.losses, a.pointee.gradient, a.pointee.hessian)
        scale = S.Lanes(repeating: S(a.pointee.formula.pointee.scale))
    }

    /// Writes the requested outputs of sixteen elements, and returns their losses.
    @inline(always)
    func write(_ one: WeightedElement<S.Lanes>, _ index: Int, _ count: Int) -> S.Lanes {
        let logit = LogitElement(one.prediction, one.coefficients, weighsLabels: weighsLabels)
        let loss = one.weight * logit.lossOfFinite
        if let losses { loss.store(losses, index, count: count) }
        if let gradient {
            let factor = one.weight * scale
            logit.gradient(times: factor).store(gradient, index, count: count)
            if let hessian { logit.hessian(times: factor).store(hessian, index, count: count) }
        }
        return loss
    }
}

extension vk_elements_args {
    @inline(never)
    mutating func weighLogits(_ level: KernelLevel) { vk_weigh_logits_at(level.instructionSet, &self) }
}

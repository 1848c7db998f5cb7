// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// Losses of logits with every option that is linear in them, in the logits' type: a logarithm each, and the derivatives that
/// are asked for from the same exponential.
///
/// The sum is infinite or NaN where a loss is, or where the type does not hold it: an infinite loss with weight 0 is one.
@c @implementation
func vk_weigh_logits(_ a: UnsafeMutablePointer<vk_elements_args>) {
    a.pointee.is_double ? weigh(a, Double.self) : weigh(a, Float.self)
}

@inline(always)
private func weigh<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_elements_args>, _: S.Type) {
    typealias L = S.Lanes
    var elements = WeightedElements<S>(a)
    let scale = L(repeating: S(a.pointee.formula.pointee.scale))
    let (losses, gradient, hessian) = (a.pointee.losses, a.pointee.gradient, a.pointee.hessian)
    var sum = F64x16.zero
    var index = 0
    while index < elements.count {
        // Two are added in the element type: exactly, where both are alike.
        let end = min(elements.count, index &+ 2 &* L.count)
        var pair = L.zero
        while index < end {
            let count = min(L.count, end &- index)
            let one = elements.load(index, count)
            let logit = LogitElement(one.prediction, one.coefficients)
            let loss = one.weight * logit.loss
            pair = pair + loss
            if let losses { loss.store(losses, index, count: count) }
            if let gradient { logit.gradient(times: one.weight * scale).store(gradient, index, count: count) }
            if let hessian { logit.hessian(times: one.weight * scale).store(hessian, index, count: count) }
            index &+= L.count
        }
        sum = sum + pair.widened
    }
    elements.finish(a, sum: sum)
}

extension vk_elements_args {
    @inline(never)
    mutating func weighLogits(_ level: KernelLevel) { vk_weigh_logits_at(level.instructionSet, &self) }
}

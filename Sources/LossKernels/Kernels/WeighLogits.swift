// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// Losses of logits with a coefficient for each label of each element, in the logits' type: a logarithm each, and the
/// derivatives that are asked for from the same exponential.
///
/// The sum is infinite or NaN where a loss is, or where the type does not hold it.
@c @implementation
func vk_weigh_logits(_ a: UnsafeMutablePointer<vk_weigh_logits_args>) {
    a.pointee.is_double ? weigh(a, Double.self) : weigh(a, Float.self)
}

@inline(always)
private func weigh<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_weigh_logits_args>, _: S.Type) {
    typealias L = S.Lanes
    let predictions = Elements<S>(a.pointee.predictions)
    let (positive, negative) = (Elements<S>(a.pointee.positive), Elements<S>(a.pointee.negative))
    let scale = L(repeating: S(a.pointee.scale))
    var sum = F64x16.zero
    var index = 0
    while index < a.pointee.count {
        // Four are added in the element type: two roundings, and none where all are alike.
        let end = min(a.pointee.count, index &+ 4 &* L.count)
        var group = L.zero
        while index < end {
            let count = min(L.count, end &- index)
            let x = predictions.load(index, count: count, as: L.self)
            let element = LogitElement(
                x,
                Coefficients(
                    positive: positive.load(index, as: L.self), negative: negative.load(index, as: L.self)))
            let loss = element.loss
            group = group + loss
            if let place = a.pointee.losses { loss.store(place, index, count: count) }
            if let place = a.pointee.gradient {
                element.gradient(times: scale).store(place, index, count: count)
            }
            if let place = a.pointee.hessian {
                element.hessian(times: scale).store(place, index, count: count)
            }
            index &+= L.count
        }
        sum = sum + group.widened
    }
    a.pointee.sum = sum.sum
}

extension vk_weigh_logits_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_weigh_logits_at(level.instructionSet, &self) }
}

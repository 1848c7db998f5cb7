// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// Losses of probabilities with a coefficient for each label of each element, in the probabilities' type. Where one of the
/// two is 0 for each of sixteen elements, as with 0/1 targets, one logarithm each is enough.
@c @implementation
func vk_weigh_probabilities(_ a: UnsafeMutablePointer<vk_weigh_probabilities_args>) {
    a.pointee.is_double ? weigh(a, Double.self) : weigh(a, Float.self)
}

@inline(always)
private func weigh<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_weigh_probabilities_args>, _: S.Type) {
    typealias L = S.Lanes
    let predictions = Elements<S>(a.pointee.predictions)
    let (positives, negatives) = (Elements<S>(a.pointee.positive), Elements<S>(a.pointee.negative))
    let bounds = LaneBounds<L>(a.pointee.formula)
    var sum = F64x16.zero
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        // Behind the end the coefficients are 0.
        let p = predictions.load(index, count: count, as: L.self)
        let coefficients = Coefficients(
            positive: positives.load(index, as: L.self), negative: negatives.load(index, as: L.self))
        let element = ProbabilityElement(p, coefficients, bounds)
        let isSoft = coefficients.positive.ifEqual(
            L.zero, L.zero, coefficients.negative.ifEqual(L.zero, L.zero, L.one))
        let loss = isSoft.unionOfBits == 0 ? element.lossOfOneLabel : element.loss
        if let place = a.pointee.losses { loss.store(place, index, count: count) }
        sum = sum + loss.widened
        index &+= L.count
    }
    a.pointee.sum = sum.sum
}

extension vk_weigh_probabilities_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_weigh_probabilities_at(level.instructionSet, &self) }
}

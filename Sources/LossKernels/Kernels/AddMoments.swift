// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// The sums of a report over losses that have been written.
@c @implementation
func vk_add_moments(_ a: UnsafeMutablePointer<vk_add_moments_args>) {
    a.pointee.is_double ? addMoments(a, Double.self) : addMoments(a, Float.self)
}

/// Elements that do not count have the loss and the weight 0, and a prediction that is not certain.
@inline(always)
private func addMoments<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_add_moments_args>, _: S.Type) {
    typealias L = F64x16
    let (losses, predictions) = (Elements<S>(a.pointee.losses), Elements<S>(a.pointee.predictions))
    let formula = a.pointee.formula
    let low = L(repeating: formula.pointee.saturatedBelow)
    let high = L(repeating: formula.pointee.saturatedAbove)
    let bounds = LaneBounds<L>(formula)
    var (loss, squaredLoss, weightByLoss) = (L.zero, L.zero, L.zero)
    var (squaredWeight, clipped, saturated) = (L.zero, L.zero, L.zero)
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        let z = losses.load(index, count: count, as: L.self)
        let x = predictions.load(index, count: count, as: L.self)
        loss = loss + z
        squaredLoss = L.multiplyAdd(z, z, squaredLoss)
        if let place = a.pointee.weight {
            let w = Elements<S>(place).load(index, as: L.self)
            weightByLoss = L.multiplyAdd(w, z, weightByLoss)
            squaredWeight = L.multiplyAdd(w, w, squaredWeight)
        }
        let isCertain = low.ifGreater(x, L.one, x.ifGreater(high, L.one, L.zero))
        saturated = saturated + (count == L.count ? isCertain : isCertain.inPrefix(count, else: L.zero))
        if let positive = a.pointee.positive, let negative = a.pointee.negative {
            let coefficients = Coefficients(
                positive: Elements<S>(positive).load(index, as: L.self),
                negative: Elements<S>(negative).load(index, as: L.self))
            let isClipped = ProbabilityElement(x, coefficients, bounds).bounded
            clipped = clipped + coefficients.total.ifEqual(L.zero, L.zero, isClipped)
        }
        index &+= L.count
    }
    a.pointee.moments.loss = loss.sum
    a.pointee.moments.squaredLoss = squaredLoss.sum
    a.pointee.moments.weightByLoss = weightByLoss.sum
    a.pointee.moments.squaredWeight = squaredWeight.sum
    a.pointee.moments.clipped = clipped.sum
    a.pointee.moments.saturated = saturated.sum
}

extension vk_add_moments_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_add_moments_at(level.instructionSet, &self) }
}

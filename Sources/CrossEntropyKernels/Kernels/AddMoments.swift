// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sums for a report over losses that have been written.
@c @implementation
func vk_add_moments(_ a: UnsafeMutablePointer<vk_add_moments_args>) {
    a.pointee.elements.pointee.is_double ? addMoments(a, Double.self) : addMoments(a, Float.self)
}

@inline(always)
private func addMoments<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_add_moments_args>, _: S.Type) {
    typealias L = F64x16
    let arguments = a.pointee.elements.pointee
    let formula = arguments.formula
    let losses = Elements<S>(arguments.losses!)
    var elements = WeightedElements<S.Lanes>(arguments)
    let low = S.Lanes(repeating: S(formula.pointee.saturatedBelow))
    let high = S.Lanes(repeating: S(formula.pointee.saturatedAbove))
    let (one, zero) = (S.Lanes.one, S.Lanes.zero)
    let bounds = LaneBounds<S.Lanes>(formula)
    let isBounded = formula.pointee.isBounded
    var (loss, squaredLoss) = (L.zero, L.zero)
    var (weightByLoss, squaredWeight) = (L.zero, L.zero)
    var (clipped, saturated) = (zero, zero)
    var index = 0
    while index < elements.count {
        let next = elements.load(index, min(L.count, elements.count &- index))
        let z = losses.load(index, count: min(L.count, elements.count &- index), as: L.self)
        let w = next.weight.widened
        loss = loss + z
        squaredLoss = L.multiplyAdd(z, z, squaredLoss)
        weightByLoss = L.multiplyAdd(w, z, weightByLoss)
        squaredWeight = L.multiplyAdd(w, w, squaredWeight)
        let x = next.prediction
        saturated = saturated + low.ifGreater(x, one, x.ifGreater(high, one, zero))
        if isBounded {
            let coefficients = next.coefficients.scaled(by: next.weight)
            let isClipped = ProbabilityElement(x, coefficients, bounds).bounded
            clipped = clipped + coefficients.total.ifEqual(zero, zero, isClipped)
        }
        index &+= L.count
    }
    a.pointee.moments.loss = loss.sum
    a.pointee.moments.squaredLoss = squaredLoss.sum
    a.pointee.moments.weightByLoss = weightByLoss.sum
    a.pointee.moments.squaredWeight = squaredWeight.sum
    a.pointee.moments.clipped = clipped.widened.sum
    a.pointee.moments.saturated = saturated.widened.sum
}

extension vk_add_moments_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_add_moments_at(level.instructionSet, &self) }
}

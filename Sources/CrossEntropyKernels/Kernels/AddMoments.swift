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
    typealias L = S.Lanes
    let arguments = a.pointee.elements.pointee
    let formula = arguments.formula
    let (predictions, losses) = (Elements<S>(arguments.predictions), Elements<S>(arguments.losses!))
    var elements = WeightedElements<L>(arguments)
    let bounds = LaneBounds<L>(formula)
    let isBounded = formula.pointee.isBounded
    var sums = MomentSums<L>(formula)
    var (weightByLoss, squaredWeight) = (F64x16.zero, F64x16.zero)
    var clipped = L.zero
    var index = 0
    while elements.areAlike, !isBounded, index &+ L.count <= elements.count {
        sums.add(losses.load(index, as: F64x16.self), predictions.load(index, as: L.self))
        index &+= L.count
    }
    let weight = formula.pointee.weight
    let alike = (weightByLoss: weight * sums.loss.sum, squaredWeight: weight * weight * Double(index))
    while index < elements.count {
        let count = min(L.count, elements.count &- index)
        let next = elements.load(index, count)
        let z = losses.load(index, count: count, as: F64x16.self)
        let w = next.weight.widened
        sums.add(z, next.prediction)
        weightByLoss = F64x16.multiplyAdd(w, z, weightByLoss)
        squaredWeight = F64x16.multiplyAdd(w, w, squaredWeight)
        if isBounded {
            let coefficients = next.coefficients.scaled(by: next.weight)
            let isClipped = ProbabilityElement(next.prediction, coefficients, bounds).bounded
            clipped = clipped + coefficients.total.ifEqual(L.zero, L.zero, isClipped)
        }
        index &+= L.count
    }
    a.pointee.moments.loss = sums.loss.sum
    a.pointee.moments.squaredLoss = sums.squaredLoss.sum
    a.pointee.moments.weightByLoss = alike.weightByLoss + weightByLoss.sum
    a.pointee.moments.squaredWeight = alike.squaredWeight + squaredWeight.sum
    a.pointee.moments.clipped = clipped.widened.sum
    a.pointee.moments.saturated = sums.saturated.widened.sum
}

/// The sums that do not depend on weights.
private struct MomentSums<L: SixteenLanes> {
    var (loss, squaredLoss) = (F64x16.zero, F64x16.zero)
    /// The number of certain predictions.
    var saturated = L.zero
    let low, high: L

    @inline(always)
    init(_ formula: UnsafePointer<Formula>) {
        low = L(repeating: L.Scalar(formula.pointee.saturatedBelow))
        high = L(repeating: L.Scalar(formula.pointee.saturatedAbove))
    }

    @inline(always)
    mutating func add(_ z: F64x16, _ prediction: L) {
        loss = loss + z
        squaredLoss = F64x16.multiplyAdd(z, z, squaredLoss)
        saturated =
            saturated + low.ifGreater(prediction, L.one, prediction.ifGreater(high, L.one, L.zero))
    }
}

extension vk_add_moments_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_add_moments_at(level.instructionSet, &self) }
}

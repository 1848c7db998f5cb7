// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Losses of probabilities with every option in which they are linear, in the probabilities' type, and the gradient if
/// it is requested. If the targets of all sixteen elements are 0 or 1, one logarithm per element is enough.
///
/// The sum is infinite or NaN if a loss or a derivative is, or if the type cannot hold it.
@c @implementation
func vk_weigh_probabilities(_ a: UnsafeMutablePointer<vk_elements_args>) {
    a.pointee.is_double ? weigh(a, Double.self) : weigh(a, Float.self)
}

@inline(always)
private func weigh<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_elements_args>, _: S.Type) {
    typealias L = S.Lanes
    var elements = WeightedElements<S>(a)
    let formula = a.pointee.formula
    let bounds = LaneBounds<L>(formula)
    let rule = formula.pointee.gradientRule
    let (scale, floor) = (
        L(repeating: S(formula.pointee.scale)), L(repeating: S(formula.pointee.gradientFloor))
    )
    let (losses, gradient) = (a.pointee.losses, a.pointee.gradient)
    let least = L(repeating: S.leastNormalMagnitude)
    var (sum, notFinite) = (F64x16.zero, L.zero)
    var index = 0
    while index < elements.count {
        let count = min(L.count, elements.count &- index)
        let one = elements.load(index, count)
        let element = ProbabilityElement(one.prediction, one.coefficients, bounds)
        let isSoft = one.y.ifEqual(L.zero, L.zero, one.z.ifEqual(L.zero, L.zero, L.one))
        let loss = one.weight * (isSoft.unionOfBits == 0 ? element.lossOfOneLabel : element.loss)
        if let losses { loss.store(losses, index, count: count) }
        if let gradient {
            let factor = one.weight * scale
            let slope = element.gradient(rule, floor: floor, scale: factor)
            slope.store(gradient, index, count: count)
            // After division by a small probability, the bits that a subnormal factor has lost would matter.
            let isSubnormal = least.ifGreater(factor.magnitude, one.weight, L.zero)
            let lost = isSubnormal.ifEqual(L.zero, L.zero, L(repeating: S.nan))
            notFinite = L.multiplyAdd(slope, L.zero, notFinite) + lost
        }
        sum = sum + loss.widened
        index &+= L.count
    }
    elements.finish(a, sum: sum + notFinite.widened)
}

extension vk_elements_args {
    @inline(never)
    mutating func weighProbabilities(_ level: KernelLevel) {
        vk_weigh_probabilities_at(level.instructionSet, &self)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Losses of probabilities with every option in which they are linear, in the probabilities' type, and the gradient if
/// it is requested. If the targets of all sixteen elements are 0 or 1, one logarithm per element is enough.
///
/// The sum is infinite or NaN if a loss or a derivative is, or if the type cannot hold it.
@c @implementation
func vk_weigh_probabilities(_ a: UnsafeMutablePointer<vk_elements_args>) { weigh(a, isWide: false) }

@c(vk_weigh_probabilities_wide)
private func wide(_ a: UnsafeMutablePointer<vk_elements_args>) { weigh(a, isWide: true) }

@inline(always)
private func weigh(_ a: UnsafeMutablePointer<vk_elements_args>, isWide: Bool) {
    guard a.pointee.is_double else { return weigh(&a.pointee, in: F32x16.self) }
    guard isWide else { return a.pointee.sum = .nan }
    weigh(&a.pointee, in: F64x16.self)
}

@inline(always)
private func weigh<L: SixteenLanes>(_ a: inout vk_elements_args, in _: L.Type) {
    var elements = WeightedElements<L>(a)
    var outputs = ProbabilityOutputs<L>(a)
    let sum = elements.sumRest { outputs.write($0, $1, $2) }
    elements.finish(&a, sum: sum + outputs.notFinite.widened, mayBeOutside: outputs.check.mayBeOutside)
}

private struct ProbabilityOutputs<L: SixteenLanes> {
    let losses, gradient: UnsafeMutableRawPointer?
    let bounds: LaneBounds<L>
    let rule: GradientRule
    let scale, floor: L
    let checksPredictions: Bool
    var check = DomainCheck<L>()
    /// NaN once a derivative has been infinite or NaN, or may have been rounded too often.
    var notFinite = L.zero

    @inline(always)
    init(_ a: vk_elements_args) {
        let formula = a.formula
        (losses, gradient) = (a.losses, a.gradient)
        bounds = LaneBounds(formula)
        rule = formula.pointee.gradientRule
        scale = L(repeating: L.Scalar(formula.pointee.scale))
        floor = L(repeating: L.Scalar(formula.pointee.gradientFloor))
        checksPredictions = formula.pointee.checksPredictions
    }

    /// Writes the requested outputs, and returns the losses.
    @inline(always)
    mutating func write(_ one: WeightedElement<L>, _ index: Int, _ count: Int) -> L {
        if checksPredictions { check.see(one.prediction) }
        let element = ProbabilityElement(one.prediction, one.coefficients, bounds)
        let isSoft = one.y.ifEqual(L.zero, L.zero, one.z.ifEqual(L.zero, L.zero, L.one))
        let loss = one.weight * (isSoft.hasBits ? element.loss : element.lossOfOneLabel)
        if let losses { loss.store(losses, index, count: count) }
        if let gradient {
            let factor = one.weight * scale
            let slope = element.gradient(rule, floor: floor, scale: factor)
            slope.store(gradient, index, count: count)
            // After division by a small probability, the bits that a subnormal factor has lost would matter.
            let least = L(repeating: L.Scalar.leastNormalMagnitude)
            let isSubnormal = least.ifGreater(factor.magnitude, one.weight, L.zero)
            let lost = isSubnormal.ifEqual(L.zero, L.zero, L(repeating: L.Scalar.nan))
            notFinite = notFinite + L.multiplyAdd(slope, L.zero, lost)
        }
        return loss
    }
}

extension vk_elements_args {
    @inline(never)
    mutating func weighProbabilities(_ level: KernelLevel) {
        vk_weigh_probabilities_at(level.instructionSet, &self)
    }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The loss in each lane and its derivatives times their scale. Values that are not stored are not computed.
@frozen
public struct EvaluatedLoss {
    @usableFromInline let loss: F64x16
    @usableFromInline let gradient: F64x16
    @usableFromInline let hessian: F64x16

    /// - Parameter c: the coefficients of the element, multiplied by its weight.
    @export(implementation) @inline(always)
    init(
        logit one: WeightedElement<F64x16>, _ c: Coefficients<F64x16>, _ formula: UnsafePointer<Formula>
    ) {
        let scale = F64x16(repeating: formula.pointee.scale)
        let x = one.prediction
        let element = LogitElement(x, c)
        // Scale the coefficients first: otherwise their product with e may be subnormal where the result is not.
        let scaled = LogitElement(x, c.scaled(by: scale))
        let (slope, curvature) = (scaled.gradient(times: F64x16.one), scaled.hessian(times: F64x16.one))
        guard formula.pointee.isFocal else {
            loss = element.loss
            (gradient, hessian) = (slope, curvature)
            return
        }
        let focal = FocalFactor(p: element.probability, q: element.complement, one, formula)
        loss = focal.loss(of: element)
        gradient = focal.gradient(scaled.loss, slope)
        hessian = focal.hessian(scaled.loss, slope, curvature)
    }

    @export(implementation) @inline(always)
    init(
        probability one: WeightedElement<F64x16>, _ c: Coefficients<F64x16>,
        _ formula: UnsafePointer<Formula>
    ) {
        let p = one.prediction
        typealias L = F64x16
        let bounds = LaneBounds<L>(formula)
        // Scale the coefficients first: otherwise A / p may overflow, or A p underflow, where the result does not.
        let rule = formula.pointee.gradientRule
        let (scale, floor) = (
            L(repeating: formula.pointee.scale), L(repeating: formula.pointee.gradientFloor)
        )
        let plain = ProbabilityElement(p, c, bounds).loss
        let slope = ProbabilityElement(p, c.scaled(by: scale), bounds).gradient(
            rule, floor: floor, scale: L.one)
        hessian = L.zero
        guard formula.pointee.isFocal else {
            (loss, gradient) = (plain, slope)
            return
        }
        // The factor uses the probability as given, without bounds, as Keras does.
        let focal = FocalFactor(p: p, q: L.one - p, one, formula)
        loss = focal.loss(plain)
        gradient = focal.slope(plain, times: scale, slope)
    }
}

/// Stores the requested outputs of each element and sums the losses.
@export(implementation) @inline(always)
public func evaluate(_ a: UnsafeMutablePointer<vk_elements_args>, isProbability: Bool) {
    typealias L = F64x16
    var elements = WeightedElements<L>(a.pointee)
    let formula = a.pointee.formula
    let (losses, gradient, hessian) = (a.pointee.losses, a.pointee.gradient, a.pointee.hessian)
    var predictions = DomainCheck<L>()
    let sum = elements.sumRest { one, index, count in
        if formula.pointee.checksPredictions { predictions.see(one.prediction) }
        let coefficients = one.coefficients.scaled(by: one.weight)
        let values =
            isProbability
            ? EvaluatedLoss(probability: one, coefficients, formula)
            : EvaluatedLoss(logit: one, coefficients, formula)
        if let losses { values.loss.store(losses, index, count: count) }
        if let gradient { values.gradient.store(gradient, index, count: count) }
        if let hessian { values.hessian.store(hessian, index, count: count) }
        return values.loss
    }
    elements.finish(&a.pointee, sum: sum, mayBeOutside: predictions.mayBeOutside)
}

// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// Every option and every edge, in Double whatever the element type: the sum of the losses of a tile, and where asked
/// for the losses, derivatives and statistics. What the product kernels fall back to.
///
/// With `sumOnly` nothing is written, and no derivative computed: divisions that nobody asks for.
///
/// Four vectors are added among themselves first, so that a lane of a tile adds at most 128 numbers in sequence and
/// rounding stays below 1e-14 even where all elements are equal and no error averages out.
@inlinable @inline(always)
public func evaluate(_ call: UnsafePointer<lk_call>, isProbability: Bool, sumOnly: Bool) -> Double {
    typealias L = F64x16
    let predictions = AnyElements(call.pointee.predictions)!
    let targets = AnyElements(call.pointee.targets)!
    let rule = TargetRule(call)
    let bounds = LaneBounds<L>(call.pointee.formula!)
    var statistics = TileStatistics()
    var sum = L.zero
    var index = 0
    while index < call.pointee.count {
        let groupEnd = min(call.pointee.count, index &+ 4 &* L.count)
        var group = L.zero
        while index < groupEnd {
            let count = min(L.count, call.pointee.count &- index)
            let target = targets.load(index, count, as: L.self)
            let counted = rule.counted(target, index, count)
            // What does not count is replaced, not multiplied by 0: it may be NaN or infinite.
            let left = { (value: L, other: Double) in counted.ifEqual(L.zero, L(repeating: other), value) }
            let x = left(predictions.load(index, count, as: L.self), isProbability ? 0.5 : 0)
            let weight = left(rule.weight(index, count), 0)
            let c = rule.coefficients(left(target, 0), weight: weight, index, count)
            let values =
                isProbability
                ? ElementValues(probability: x, c, bounds, rule.formula)
                : ElementValues(logit: x, c, rule.formula)
            group = group + values.loss
            if !sumOnly { values.store(call, index, count) }
            if !sumOnly, call.pointee.statistics != nil {
                statistics.add(x, values, counted: counted, weight: weight, rule.formula)
            }
            index &+= L.count
        }
        sum = sum + group
    }
    if !sumOnly, let place = call.pointee.statistics { place.pointee = statistics.reduced }
    return sum.sum
}

/// Loss, and gradient and Hessian diagonal times their scale, of each lane; what nobody asks for is never computed, as nothing uses it.
@frozen @usableFromInline
struct ElementValues {
    @usableFromInline let loss: F64x16
    @usableFromInline let gradient: F64x16
    @usableFromInline let hessian: F64x16
    /// 1 where a bound changed the loss.
    @usableFromInline let clipped: F64x16

    @inlinable @inline(always)
    init(logit x: F64x16, _ coefficients: Coefficients<F64x16>, _ formula: UnsafePointer<lk_formula>) {
        typealias L = F64x16
        let element = LogitElement(x, coefficients)
        clipped = L.zero
        let scale = L(repeating: formula.pointee.scale)
        guard formula.pointee.focal != 0 else {
            (loss, gradient, hessian) = (element.loss, element.gradient * scale, element.hessian * scale)
            return
        }
        let larger = L.one / (L.one + element.e)
        let smaller = element.e / (L.one + element.e)
        let focal = FocalFactor(
            p: x.ifGreater(L.zero, larger, smaller), q: x.ifGreater(L.zero, smaller, larger),
            coefficients, gamma: formula.pointee.gamma)
        let alpha = coefficients.alpha(formula)
        loss = alpha.timesLoss(focal.loss(element.loss))
        gradient = alpha.timesLoss(focal.gradient(element.loss, element.gradient)) * scale
        hessian = alpha.timesLoss(focal.hessian(element.loss, element.gradient, element.hessian)) * scale
    }

    @inlinable @inline(always)
    init(
        probability p: F64x16, _ coefficients: Coefficients<F64x16>, _ bounds: LaneBounds<F64x16>,
        _ formula: UnsafePointer<lk_formula>
    ) {
        typealias L = F64x16
        let element = ProbabilityElement(p, coefficients, bounds)
        clipped = element.bounded
        hessian = L.zero
        let plain = element.loss
        // The scale is a factor of the coefficients where A / p may overflow and A scale / p does not. A bounded
        // denominator is no danger, and A p may underflow.
        let rule = formula.pointee.gradient_rule
        let (scale, one) = (L(repeating: formula.pointee.scale), L.one)
        let (before, after) = rule == LK_DERIVATIVE ? (scale, one) : (one, scale)
        let slope = ProbabilityElement(p, coefficients.scaled(by: before), bounds).gradient(
            rule, floor: L(repeating: formula.pointee.gradient_floor))
        guard formula.pointee.focal != 0 else {
            (loss, gradient) = (plain, slope * after)
            return
        }
        // The factor sees the probability as it was given, as Keras has it.
        let focal = FocalFactor(p: p, q: L.one - p, coefficients, gamma: formula.pointee.gamma)
        let alpha = coefficients.alpha(formula)
        loss = alpha.timesLoss(focal.loss(plain))
        gradient = alpha.timesLoss(focal.slope(before.timesLoss(plain), slope)) * after
    }

    @inlinable @inline(always)
    func store(_ call: UnsafePointer<lk_call>, _ index: Int, _ count: Int) {
        let isDouble = call.pointee.predictions.storage == LK_F64
        if let place = call.pointee.losses { loss.store(place, index, count, isDouble: isDouble) }
        if let place = call.pointee.gradient {
            gradient.store(place, index, count, isDouble: isDouble)
        }
        if let place = call.pointee.hessian {
            hessian.store(place, index, count, isDouble: isDouble)
        }
    }
}

extension Coefficients<F64x16> {
    /// y alpha + (1 - y) (1 - alpha).
    @inlinable @inline(always)
    func alpha(_ formula: UnsafePointer<lk_formula>) -> F64x16 {
        F64x16.multiplyAdd(
            target, F64x16(repeating: formula.pointee.alpha_positive),
            complement * F64x16(repeating: formula.pointee.alpha_negative))
    }
}

extension F64x16 {
    /// Stores the first `count` lanes as Double or rounded to Float.
    @inlinable @inline(always)
    func store(_ base: UnsafeMutableRawPointer, _ index: Int, _ count: Int, isDouble: Bool) {
        if isDouble {
            store(base.assumingMemoryBound(to: Double.self), index, prefix: count)
        } else {
            narrowed.store(base.assumingMemoryBound(to: Float.self), index, prefix: count)
        }
    }
}

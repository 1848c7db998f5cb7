// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels
internal import VectorMath

/// What an element's target, weights and mask come to: its coefficients A and B, on which the loss depends linearly.
@c @implementation
func vk_stage(_ a: UnsafeMutablePointer<vk_stage_args>) {
    a.pointee.is_double ? stage(a, Double.self) : stage(a, Float.self)
}

@inline(always)
private func stage<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_stage_args>, _: S.Type) {
    typealias L = S.Lanes
    let formula = a.pointee.formula
    let (keep, half) = (
        L(repeating: S(formula.pointee.keep)), L(repeating: S(formula.pointee.halfSmoothing))
    )
    let neutral = L(repeating: S(a.pointee.neutral))
    let counting = CountingRule<L>(formula, a.pointee.mask)
    // Three weights, and each of two positive weights, whose products with a target are normal Floats or Doubles.
    let (bits, positiveBits) = S.self == Float.self ? (60, 20) : (400, 200)
    let weights = WeightProduct(
        formula.pointee.weight, a.pointee.weights, a.pointee.row_weights, a.pointee.column_weights,
        areDouble: a.pointee.weights_are_double, bits: a.pointee.is_exact ? nil : bits)
    let positiveWeights = WeightProduct(
        formula.pointee.positiveWeight, a.pointee.positive_weights, a.pointee.positive_column_weights, nil,
        areDouble: a.pointee.weights_are_double, bits: a.pointee.is_exact ? nil : positiveBits)
    let (predictions, targets) = (Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets))
    // Totals alone need targets only where one may be missing.
    let readsTargets =
        a.pointee.positive != nil || a.pointee.counted_targets != nil || formula.pointee.nanIsMissing
        || !formula.pointee.missingValue.isNaN
    var (counted, weightSum) = (F64x16.zero, F64x16.zero)
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        var t = readsTargets ? targets.load(index, count: count, as: L.self) : L.zero
        let counts = counting.counts(t, index, count)
        // What does not count is replaced, not multiplied by 0: it may be NaN or infinite.
        t = counts.ifEqual(L.zero, L.zero, t)
        let inDouble = counts.widened
        let weight = inDouble.ifEqual(F64x16.zero, F64x16.zero, weights.load(index, count))
        let positiveWeight = inDouble.ifEqual(F64x16.zero, F64x16.zero, positiveWeights.load(index, count))
        weightSum = weightSum + weight
        counted = counted + inDouble
        let (w, pw) = (L(rounding: weight), L(rounding: positiveWeight))
        // y and 1 - y, each from its own side, so that neither cancels.
        let positive = w * pw * L.multiplyAdd(t, keep, half)
        let negative = w * L.multiplyAdd(L.one - t, keep, half)
        if let place = a.pointee.counted_predictions {
            let x = predictions.load(index, count: count, as: L.self)
            counts.ifEqual(L.zero, neutral, x).store(place, index, count: L.count)
        }
        if let place = a.pointee.counted_targets { t.store(place, index, count: L.count) }
        if let place = a.pointee.positive { positive.store(place, index, count: L.count) }
        if let place = a.pointee.negative { negative.store(place, index, count: L.count) }
        if let place = a.pointee.weight { w.store(place, index, count: L.count) }
        index &+= L.count
    }
    a.pointee.counted = counted.sum
    a.pointee.weight_sum = weightSum.sum
}

/// The product of up to three weights of an element and a constant, in Double.
private struct WeightProduct {
    private let constant: F64x16
    private let places: (UnsafeRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?)
    private let areDouble: Bool
    private let least, greatest: F64x16

    /// - Parameter bits: products that are not 0 or of a size in 2^-bits to 2^bits become NaN; with nil, none does.
    @inline(always)
    init(
        _ constant: Double, _ a: UnsafeRawPointer?, _ b: UnsafeRawPointer?, _ c: UnsafeRawPointer?,
        areDouble: Bool, bits: Int?
    ) {
        self.constant = F64x16(repeating: constant)
        places = (a, b, c)
        self.areDouble = areDouble
        greatest = F64x16(
            repeating: bits.map { Double(sign: .plus, exponent: $0, significand: 1) } ?? .infinity)
        least = F64x16(repeating: bits.map { Double(sign: .plus, exponent: -$0, significand: 1) } ?? 0)
    }

    @inline(always)
    func load(_ index: Int, _ count: Int) -> F64x16 {
        guard places.0 != nil || places.1 != nil || places.2 != nil else { return constant }
        let product = times(
            times(times(constant, places.0, index, count), places.1, index, count), places.2, index, count)
        let size = product.magnitude
        let isInside = size.ifAtLeast(least, greatest.ifAtLeast(size, F64x16.one, F64x16.zero), F64x16.zero)
        return isInside.ifEqual(
            F64x16.one, product, size.ifEqual(F64x16.zero, product, F64x16(repeating: .nan)))
    }

    @inline(always)
    private func times(_ product: F64x16, _ place: UnsafeRawPointer?, _ index: Int, _ count: Int) -> F64x16 {
        guard let place else { return product }
        return product
            * (areDouble
                ? Elements<Double>(place).load(index, count: count, as: F64x16.self)
                : Elements<Float>(place).load(index, count: count, as: F64x16.self))
    }
}

extension vk_stage_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_stage_at(level.instructionSet, &self) }
}

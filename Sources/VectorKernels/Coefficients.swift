// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// What an element's loss weighs: A of -log p and B of -log(1 - p).
@frozen
public struct Coefficients<L: Lanes> {
    @usableFromInline let positive: L
    @usableFromInline let negative: L
    /// A + B.
    @usableFromInline let total: L
    /// The smoothed target y and 1 - y, each from its own side, which a focal factor needs.
    @usableFromInline let target: L
    @usableFromInline let complement: L

    /// Of the plain formula: t, 1 - t and 1.
    @inlinable @inline(always)
    public init(target: L) {
        positive = target
        negative = L.one - target
        total = L.one
        self.target = target
        complement = negative
    }

    @inlinable @inline(always)
    func scaled(by factor: L) -> Self {
        Self(positive: positive * factor, negative: negative * factor, target: target, complement: complement)
    }

    @inlinable @inline(always)
    init(positive: L, negative: L, target: L, complement: L) {
        self.positive = positive
        self.negative = negative
        total = positive + negative
        self.target = target
        self.complement = complement
    }
}

/// The options of a call as lanes, and how they turn targets into coefficients.
@frozen @usableFromInline
struct TargetRule {
    @usableFromInline let formula: UnsafePointer<lk_formula>
    @usableFromInline let weights: AnyElements?
    @usableFromInline let positiveWeights: AnyElements?
    @usableFromInline let mask: AnyElements?

    @inlinable @inline(always)
    init(_ call: UnsafePointer<lk_call>) {
        formula = call.pointee.formula!
        weights = AnyElements(call.pointee.weights)
        positiveWeights = AnyElements(call.pointee.positive_weights)
        mask = AnyElements(call.pointee.mask)
    }

    /// 1 in lanes that count, 0 behind the end, where the mask is 0 and where the target is missing.
    @inlinable @inline(always)
    func counted(_ target: F64x16, _ index: Int, _ count: Int) -> F64x16 {
        typealias L = F64x16
        var counted = count == L.count ? L.one : L.one.inPrefix(count, else: L.zero)
        if let mask { counted = mask.load(index, count, as: L.self).ifEqual(L.zero, L.zero, counted) }
        if formula.pointee.missing == LK_NAN_MISSING {
            counted = target.ifEqual(target, counted, L.zero)
        } else if formula.pointee.missing == LK_VALUE_MISSING {
            counted = target.ifEqual(L(repeating: formula.pointee.missing_value), L.zero, counted)
        }
        return counted
    }

    @inlinable @inline(always)
    func weight(_ index: Int, _ count: Int) -> F64x16 {
        let weight = F64x16(repeating: formula.pointee.weight)
        guard let weights else { return weight }
        return weight * weights.load(index, count, as: F64x16.self)
    }

    /// y = t (1 - s) + s / 2 and 1 - y, each from its own side, so that neither cancels.
    @inlinable @inline(always)
    func coefficients(_ t: F64x16, weight: F64x16, _ index: Int, _ count: Int) -> Coefficients<F64x16> {
        typealias L = F64x16
        let (keep, half) = (L(repeating: formula.pointee.keep), L(repeating: formula.pointee.half_smoothing))
        let positive = L.multiplyAdd(t, keep, half)
        let negative = L.multiplyAdd(L.one - t, keep, half)
        var factor = L(repeating: formula.pointee.positive_weight)
        if let positiveWeights { factor = factor * positiveWeights.load(index, count, as: L.self) }
        return Coefficients(
            positive: weight * factor * positive, negative: weight * negative, target: positive,
            complement: negative)
    }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The elements of a call, as many as there are lanes at a time and in order, with the call's options and weights applied.
@frozen
public struct WeightedElements<L: Lanes> {
    public let count: Int
    @usableFromInline let predictions: Elements<L.Scalar>
    @usableFromInline let targets: Elements<L.Scalar>
    /// The targets again, for their check. In loops where they stayed in registers until the check, spilling those cost 6
    /// to 9% of the time with AVX2; loading them twice costs 1 to 4% (Zen 4).
    @usableFromInline let checkedTargets: Elements<L.Scalar>
    @usableFromInline var weights: OptionalElements<L>
    @usableFromInline var positiveWeights: OptionalElements<L>
    public var counting: CountingRule<L.Scalar.Lanes>
    @usableFromInline let neutral: L
    @usableFromInline let keep: L
    @usableFromInline let half: L
    /// The formula's factors of weights that elements have. Where elements have none, these are 1.
    @usableFromInline let weight: L
    @usableFromInline let positiveWeight: L
    /// Whether all elements count, none has a positive weight, and no weight is a product.
    @usableFromInline let isSimple: Bool
    @usableFromInline var weightRange: MagnitudeRange<L.Scalar.Lanes>
    @usableFromInline var positiveWeightRange: MagnitudeRange<L.Scalar.Lanes>
    @usableFromInline var check = DomainCheck<L.Scalar.Lanes>()

    @export(implementation) @inline(always)
    public init(_ a: vk_elements_args) {
        typealias S = L.Scalar
        let (formula, readable) = (a.formula, a.targets)
        count = a.count
        predictions = Elements(a.predictions)
        targets = Elements(readable)
        checkedTargets = Elements(vk_same_address(readable))
        weights = OptionalElements(
            a.weights, period: a.weights_period, orAll: S(formula.pointee.weight),
            readable: readable)
        positiveWeights = OptionalElements(
            a.positive_weights, period: a.positive_weights_period,
            orAll: S(formula.pointee.positiveWeight), readable: readable)
        counting = CountingRule(formula, a.mask, readable: readable)
        neutral = L(repeating: formula.pointee.isProbability ? 0.5 : 0)
        (keep, half) = (
            L(repeating: S(formula.pointee.keep)), L(repeating: S(formula.pointee.halfSmoothing))
        )
        let factor = weights.isGiven && formula.pointee.weight != 1 ? S(formula.pointee.weight) : nil
        let positiveFactor = positiveWeights.isGiven ? S(formula.pointee.positiveWeight) : nil
        weight = L(repeating: factor ?? 1)
        positiveWeight = L(repeating: positiveFactor ?? 1)
        isSimple = !counting.isNeeded && !positiveWeights.isGiven && !a.hasProducts
        weightRange = MagnitudeRange(limit: weights.isGiven ? S.weightLimit : .infinity, factor: factor)
        positiveWeightRange = MagnitudeRange(
            limit: positiveWeights.isGiven ? S.positiveWeightLimit : .infinity, factor: positiveFactor)
    }

    /// Whether all elements count and none has a weight of its own.
    @export(implementation) @inline(always)
    public var areAlike: Bool { isSimple && !weights.isGiven }

    @export(implementation) @inline(always)
    func prefetchAhead(_ index: Int) {
        predictions.prefetchAhead(index, count: L.count)
        targets.prefetchAhead(index, count: L.count)
        weights.prefetchAhead()
    }

    /// As many elements from `index` on as there are lanes. No weight may be a product.
    ///
    /// - Parameters:
    ///   - allCount: whether all elements count.
    ///   - hasPositiveWeights: whether elements may have positive weights.
    ///   - checksTargets: whether to detect targets outside [0, 1].
    @export(implementation) @inline(always)
    mutating func loadWhole(
        _ index: Int, allCount: Bool, hasPositiveWeights: Bool, checksTargets: Bool
    ) -> WeightedElement<L> {
        if checksTargets && allCount { check.see(checkedTargets.load(index, as: L.self)) }
        var x = predictions.load(index, as: L.self)
        var t = targets.load(index, as: L.self)
        var weight = weights.next(L.count)
        var positiveWeight = hasPositiveWeights ? positiveWeights.next(L.count) : positiveWeights.value
        if !allCount {
            let counts = counting.count(t, index, L.count)
            // Elements that do not count are replaced, not multiplied by 0, because they may be NaN or infinite.
            (x, t, weight) = (counts.ifSet(x, neutral), t & counts, weight & counts)
            if hasPositiveWeights { positiveWeight = positiveWeight & counts }
        }
        weightRange.seeLargest(weight)
        if hasPositiveWeights { positiveWeightRange.see(positiveWeight) }
        if checksTargets && !allCount { check.see(t) }
        return element(x, t, weight: weight, positiveWeight: positiveWeight)
    }

    /// The first `count` of the elements from `index` on. Elements past them, and elements that do not count, get weight 0,
    /// target 0 and a prediction that is neither certain nor NaN.
    @export(implementation) @inline(always)
    public mutating func load(_ index: Int, _ count: Int) -> WeightedElement<L> {
        isSimple && count == L.count
            ? loadWhole(index, allCount: true, hasPositiveWeights: false, checksTargets: true)
            : loadGeneral(index, count)
    }

    /// The same, with every option.
    @export(implementation) @inline(always)
    mutating func loadGeneral(_ index: Int, _ count: Int) -> WeightedElement<L> {
        let t = targets.load(index, count: count, as: L.self)
        let counts = counting.count(t, index, count)
        let x = counts.ifSet(predictions.load(index, count: count, as: L.self), neutral)
        let target = t & counts
        let (weight, positiveWeight) = (weights.next(count) & counts, positiveWeights.next(count) & counts)
        weightRange.see(weight)
        positiveWeightRange.see(positiveWeight)
        check.see(target)
        return element(
            x, target, weight: weight * self.weight, positiveWeight: positiveWeight * self.positiveWeight)
    }

    @export(implementation) @inline(always)
    func element(
        _ x: L, _ t: L, weight: L, positiveWeight: L
    ) -> WeightedElement<L> {
        let (y, z) = (L.multiplyAdd(t, keep, half), L.multiplyAdd(L.one - t, keep, half))
        let positive = positiveWeight * y
        return WeightedElement(
            prediction: x, weight: weight,
            coefficients: Coefficients(positive: positive, negative: z, total: positive + z), y: y, z: z,
            difference: L.multiplyAdd(L(repeating: -2), t, L.one) * keep)
    }
}

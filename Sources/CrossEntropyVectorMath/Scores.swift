// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Elements as scores of their targets, sixteen at a time: both the logit and the probability of each, in Double.
@frozen
public struct Scores<S: LaneScalar> {
    @usableFromInline let predictions: Elements<S>
    @usableFromInline let targets: Elements<S>
    @usableFromInline let weights: Elements<S>?
    @usableFromInline let counting: CountingRule<S.Lanes>
    @usableFromInline let weight: Double
    @usableFromInline let isProbability: Bool

    @export(implementation) @inline(always)
    public init(_ a: UnsafePointer<vk_elements_args>) {
        predictions = Elements(a.pointee.predictions)
        targets = Elements(a.pointee.targets)
        weights = a.pointee.weights.map { Elements($0) }
        counting = CountingRule(
            a.pointee.formula, a.pointee.mask, readable: a.pointee.targets)
        weight = a.pointee.formula.pointee.weight
        isProbability = a.pointee.formula.pointee.isProbability
    }

    /// The first `count` of the sixteen elements from `index` on. Elements past them, and elements that do not count,
    /// have weight 0, target 0 and a probability of 1/2.
    @export(implementation) @inline(always)
    public func load(_ index: Int, _ count: Int) -> Score {
        typealias L = S.Lanes
        var x = predictions.load(index, count: count, as: L.self)
        var t = targets.load(index, count: count, as: L.self)
        var (counts, w) = (F64x16.one, F64x16(repeating: weight))
        if let weights { w = weights.load(index, count: count, as: L.self).widened * w }
        if counting.isNeeded || count < L.count {
            let inLanes = counting.counts(t, index, count)
            x = inLanes.ifSet(x, L(repeating: isProbability ? 0.5 : 0))
            t = inLanes & t
            counts = (inLanes & L.one).widened
            w = counts.ifEqual(F64x16.zero, F64x16.zero, w)
        }
        var labels = LabelCheck<L>()
        labels.see(t)
        let isLabeled = weights == nil && weight == 1 && !counting.isNeeded && labels.areLabels
        if isProbability {
            return Score(logit(ofProbability: x), x, t, w, counts, isLabeled: isLabeled)
        }
        let p = LogitElement(x, Coefficients(target: L.zero)).probability
        // The exponential may hide a NaN.
        return Score(x, x.ifEqual(x, p, x), t, w, counts, isLabeled: isLabeled)
    }
}

/// Sixteen elements.
@frozen
public struct Score {
    public let logit: F64x16
    public let probability: F64x16
    public let target: F64x16
    public let weight: F64x16
    /// 1 in lanes whose elements count, else 0.
    public let counts: F64x16
    /// Whether all targets are 0 or 1, and all weights 1.
    public let isLabeled: Bool

    @export(implementation) @inline(always)
    init<L: SixteenLanes>(
        _ logit: L, _ probability: L, _ target: L, _ weight: F64x16, _ counts: F64x16, isLabeled: Bool
    ) {
        (self.logit, self.probability, self.target) = (logit.widened, probability.widened, target.widened)
        (self.weight, self.counts, self.isLabeled) = (weight, counts, isLabeled)
    }
}

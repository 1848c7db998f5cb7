// SPDX-License-Identifier: Apache-2.0

public import CLossKernels

/// The elements of a call, sixteen at a time, with what its options and weights make of them.
@frozen
public struct WeightedElements<S: LaneScalar> {
    public let count: Int
    @usableFromInline let predictions: Elements<S>
    @usableFromInline let targets: Elements<S>
    @usableFromInline let weights: Elements<S>?
    @usableFromInline let positiveWeights: Elements<S>?
    @usableFromInline let counting: CountingRule<S.Lanes>
    @usableFromInline let neutral: S.Lanes
    @usableFromInline let keep: S.Lanes
    @usableFromInline let half: S.Lanes
    @usableFromInline let weight: S.Lanes
    @usableFromInline let positiveWeight: S.Lanes
    @usableFromInline let checksWeights: Bool
    @usableFromInline let addsWeights: Bool
    @usableFromInline let exactWeight: F64x16
    /// More than 0 in a lane once a product with a weight may not be a normal number.
    @usableFromInline var unfit = S.Lanes.zero
    @usableFromInline var counted = S.Lanes.zero
    @usableFromInline var weightSum = F64x16.zero

    @export(implementation) @inline(always)
    public init(_ a: UnsafeMutablePointer<vk_elements_args>) {
        typealias L = S.Lanes
        let formula = a.pointee.formula
        count = a.pointee.count
        predictions = Elements(a.pointee.predictions)
        targets = Elements(a.pointee.targets)
        weights = a.pointee.weights.map { Elements($0) }
        positiveWeights = a.pointee.positive_weights.map { Elements($0) }
        counting = CountingRule(formula, a.pointee.mask)
        neutral = L(repeating: formula.pointee.isProbability ? 0.5 : 0)
        (keep, half) = (
            L(repeating: S(formula.pointee.keep)), L(repeating: S(formula.pointee.halfSmoothing))
        )
        weight = L(repeating: S(formula.pointee.weight))
        positiveWeight = L(repeating: S(formula.pointee.positiveWeight))
        checksWeights = !a.pointee.is_exact
        addsWeights = a.pointee.wants_weight && weights != nil
        exactWeight = F64x16(repeating: formula.pointee.weight)
    }

    /// The first `count` of sixteen elements from `index` on. Those behind them, and those that do not count, have the weight
    /// 0, the target 0 and a prediction that is neither certain nor NaN.
    @export(implementation) @inline(always)
    public mutating func load(_ index: Int, _ count: Int) -> WeightedElement<S.Lanes> {
        typealias L = S.Lanes
        var x = predictions.load(index, count: count, as: L.self)
        var t = targets.load(index, count: count, as: L.self)
        var (w, pw) = (weight, positiveWeight)
        if let weights { w = multiplied(w, by: weights, index, count, limit: S.weightLimit) }
        if let positiveWeights {
            pw = multiplied(pw, by: positiveWeights, index, count, limit: S.positiveWeightLimit)
        }
        if counting.isNeeded || count < L.count {
            let counts = counting.counts(t, index, count)
            // What does not count is replaced, not multiplied by 0: it may be NaN or infinite.
            x = counts.ifEqual(L.zero, neutral, x)
            t = counts.ifEqual(L.zero, L.zero, t)
            w = counts.ifEqual(L.zero, L.zero, w)
            counted = counted + counts
            if addsWeights, let weights {
                let all = weights.load(index, count: count, as: L.self)
                add(counts.ifEqual(L.zero, L.zero, all))
            }
        } else if addsWeights, let weights {
            add(weights.load(index, as: L.self))
        }
        return WeightedElement(
            prediction: x, weight: w, positiveWeight: pw, y: L.multiplyAdd(t, keep, half),
            z: L.multiplyAdd(L.one - t, keep, half))
    }

    /// Counts, and adds up the weights of, elements whose predictions do not matter.
    @export(implementation) @inline(always)
    public mutating func add(_ index: Int, _ count: Int) {
        typealias L = S.Lanes
        let t = counting.readsTargets ? targets.load(index, count: count, as: L.self) : L.zero
        let counts = counting.counts(t, index, count)
        counted = counted + counts
        guard let weights else { return }
        add(counts.ifEqual(L.zero, L.zero, weights.load(index, count: count, as: L.self)))
    }

    @export(implementation) @inline(always)
    mutating func add(_ weights: S.Lanes) {
        weightSum = F64x16.multiplyAdd(weights.widened, exactWeight, weightSum)
    }

    @export(implementation) @inline(always)
    mutating func multiplied(
        _ constant: S.Lanes, by elements: Elements<S>, _ index: Int, _ count: Int, limit: S
    ) -> S.Lanes {
        typealias L = S.Lanes
        let factor = elements.load(index, count: count, as: L.self)
        let product = constant * factor
        if checksWeights {
            let size = product.magnitude
            let isOutside = factor.ifEqual(L.zero, L.zero, L.one)
            unfit =
                unfit
                + size.ifAtLeast(
                    L(repeating: 1 / limit), L(repeating: limit).ifAtLeast(size, L.zero, L.one), isOutside)
        }
        return product
    }

    /// Writes what the elements come to.
    @export(implementation) @inline(always)
    public func finish(_ a: UnsafeMutablePointer<vk_elements_args>, sum: F64x16) {
        a.pointee.sum = unfit.widened.sum == 0 ? sum.sum : .nan
        a.pointee.counted = counting.isNeeded ? counted.widened.sum : Double(count)
        a.pointee.weight = weights == nil ? a.pointee.counted * a.pointee.formula.pointee.weight : weightSum.sum
    }
}

/// Sixteen elements.
@frozen
public struct WeightedElement<L: Lanes> {
    public let prediction: L
    /// w.
    public let weight: L
    @usableFromInline let positiveWeight: L
    /// The smoothed target, and 1 - y from its own side, so that neither cancels.
    public let y: L
    public let z: L

    @export(implementation) @inline(always)
    init(prediction: L, weight: L, positiveWeight: L, y: L, z: L) {
        self.prediction = prediction
        self.weight = weight
        self.positiveWeight = positiveWeight
        self.y = y
        self.z = z
    }

    /// A and B without w.
    @export(implementation) @inline(always)
    public var coefficients: Coefficients<L> { Coefficients(positive: positiveWeight * y, negative: z) }
}

extension LaneScalar {
    /// Weights of elements between 1 / limit and the limit have products with a positive weight, a target and a factor of the
    /// formula that are normal Floats or Doubles.
    @export(implementation) @inline(always)
    public static var weightLimit: Self { significandBitCount == Float.significandBitCount ? 0x1p60 : 0x1p400 }
    @export(implementation) @inline(always)
    public static var positiveWeightLimit: Self {
        significandBitCount == Float.significandBitCount ? 0x1p20 : 0x1p200
    }
}

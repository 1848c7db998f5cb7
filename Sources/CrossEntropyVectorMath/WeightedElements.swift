// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The elements of a call, sixteen at a time, with the call's options and weights applied.
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
    @usableFromInline let addsWeights: Bool
    @usableFromInline let exactWeight: F64x16
    /// Whether the formula smooths targets, and whether labels or all elements have weights other than 1.
    @usableFromInline let smooths: Bool
    public let weighsLabels: Bool
    @usableFromInline let weighsAll: Bool
    /// The largest weight; and a positive value in a lane once a product with a weight may not be a normal number.
    @usableFromInline var largest = S.Lanes.zero
    @usableFromInline var unfit = S.Lanes.zero
    @usableFromInline var counted = S.Lanes.zero
    @usableFromInline let checksPredictions: Bool
    @usableFromInline var check = DomainCheck<S.Lanes>()
    /// A sum whose rounding errors are summed separately (Knuth's TwoSum). Without this, the sum of hundreds of equal
    /// weights would be wrong by tens of ulp.
    @usableFromInline var weightSum = F64x16.zero
    @usableFromInline var weightLost = F64x16.zero

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
        addsWeights = a.pointee.wants_weight && weights != nil
        exactWeight = F64x16(repeating: formula.pointee.weight)
        smooths = formula.pointee.halfSmoothing != 0
        weighsLabels = positiveWeights != nil || formula.pointee.positiveWeight != 1
        weighsAll = formula.pointee.weight != 1
        checksPredictions = formula.pointee.checksPredictions
    }

    /// The first `count` of the sixteen elements from `index` on. Elements past them, and elements that do not count,
    /// get weight 0, target 0 and a prediction that is neither certain nor NaN.
    @export(implementation) @inline(always)
    public mutating func load(_ index: Int, _ count: Int) -> WeightedElement<S.Lanes> {
        typealias L = S.Lanes
        var x = predictions.load(index, count: count, as: L.self)
        var t = targets.load(index, count: count, as: L.self)
        var weight = loadWeight(index, count)
        if counting.isNeeded || count < L.count {
            let counts = counting.counts(t, index, count)
            counted = counted + counts
            // Elements that do not count are replaced, not multiplied by 0, because they may be NaN or infinite.
            x = counts.ifEqual(L.zero, neutral, x)
            t = counts.ifEqual(L.zero, L.zero, t)
            weight = counts.ifEqual(L.zero, L.zero, weight)
            if addsWeights, let weights {
                let all = weights.load(index, count: count, as: L.self)
                add(counts.ifEqual(L.zero, L.zero, all))
            }
        } else if addsWeights, let weights {
            add(weights.load(index, as: L.self))
        }
        check.see(t)
        if checksPredictions { check.see(x) }
        return element(x, t, weight: weight, index, count)
    }

    @export(implementation) @inline(always)
    mutating func element(
        _ x: S.Lanes, _ t: S.Lanes, weight: S.Lanes, _ index: Int, _ count: Int
    ) -> WeightedElement<S.Lanes> {
        typealias L = S.Lanes
        var (y, z) = (t, L.one - t)
        if smooths { (y, z) = (L.multiplyAdd(t, keep, half), L.multiplyAdd(z, keep, half)) }
        var (positive, total) = (y, L.one)
        if weighsLabels {
            positive = loadPositiveWeight(index, count) * y
            total = positive + z
        }
        return WeightedElement(
            prediction: x, weight: weight,
            coefficients: Coefficients(positive: positive, negative: z, total: total), y: y, z: z,
            difference: L.multiplyAdd(L(repeating: -2), t, L.one) * keep)
    }

    @export(implementation) @inline(always)
    mutating func loadWeight(_ index: Int, _ count: Int) -> S.Lanes {
        guard let weights else { return weight }
        let factor = weights.load(index, count: count, as: S.Lanes.self)
        if weighsAll { return multiplied(weight, by: factor, limit: S.weightLimit) }
        largest = factor.magnitude.atLeast(largest)
        return factor
    }

    @export(implementation) @inline(always)
    mutating func loadPositiveWeight(_ index: Int, _ count: Int) -> S.Lanes {
        guard let positiveWeights else { return positiveWeight }
        return multiplied(
            positiveWeight, by: positiveWeights.load(index, count: count, as: S.Lanes.self),
            limit: S.positiveWeightLimit)
    }

    /// Counts elements whose predictions do not matter, and sums their weights.
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
        let weight = weights.widened * exactWeight
        let sum = weightSum + weight
        let added = sum - weightSum
        weightLost = weightLost + ((weightSum - (sum - added)) + (weight - added))
        weightSum = sum
    }

    /// The product. It is recorded as unfit unless it is 0 or its magnitude is between 1 / limit and the limit.
    @export(implementation) @inline(always)
    mutating func multiplied(_ constant: S.Lanes, by factor: S.Lanes, limit: S) -> S.Lanes {
        typealias L = S.Lanes
        let product = constant * factor
        let size = product.magnitude
        let isOutside = factor.ifEqual(L.zero, L.zero, L.one)
        unfit =
            unfit
            + size.ifAtLeast(
                L(repeating: 1 / limit), L(repeating: limit).ifAtLeast(size, L.zero, L.one), isOutside)
        return product
    }

    /// If the sum is infinite, the sum of its rounding errors is ignored.
    @export(implementation) @inline(always)
    var sumOfWeights: Double {
        let (sum, lost) = (weightSum.sum, weightLost.sum)
        return lost.isFinite ? sum + lost : sum
    }

    /// Writes the results over all elements.
    @export(implementation) @inline(always)
    public func finish(_ a: UnsafeMutablePointer<vk_elements_args>, sum: F64x16) {
        // The weights alone may be arbitrarily small: a product with one is rounded to a subnormal number only once.
        let large = largest.ifGreater(S.Lanes(repeating: S.weightLimit), S.Lanes.one, unfit)
        a.pointee.sum = a.pointee.is_exact || large.widened.sum == 0 ? sum.sum : .nan
        a.pointee.is_outside = check.isOutside
        a.pointee.counted = counting.isNeeded ? counted.widened.sum : Double(count)
        a.pointee.weight =
            weights == nil ? a.pointee.counted * a.pointee.formula.pointee.weight : sumOfWeights
    }
}

/// Sixteen elements.
@frozen
public struct WeightedElement<L: Lanes> {
    public let prediction: L
    /// The weight w.
    public let weight: L
    /// The coefficients A and B, without the factor w.
    public let coefficients: Coefficients<L>
    /// The smoothed target y, and z = 1 - y computed from 1 - t, so that neither cancels.
    public let y: L
    public let z: L
    /// z - y, also computed without cancellation.
    public let difference: L

    @export(implementation) @inline(always)
    init(prediction: L, weight: L, coefficients: Coefficients<L>, y: L, z: L, difference: L) {
        self.prediction = prediction
        self.weight = weight
        self.coefficients = coefficients
        self.y = y
        self.z = z
        self.difference = difference
    }
}

extension LaneScalar {
    /// If the weights of elements are between 1 / limit and the limit, their products with a positive weight, a target
    /// and a factor of the formula are normal Floats or Doubles.
    @export(implementation) @inline(always)
    public static var weightLimit: Self {
        significandBitCount == Float.significandBitCount ? 0x1p60 : 0x1p400
    }
    @export(implementation) @inline(always)
    public static var positiveWeightLimit: Self {
        significandBitCount == Float.significandBitCount ? 0x1p20 : 0x1p200
    }
}

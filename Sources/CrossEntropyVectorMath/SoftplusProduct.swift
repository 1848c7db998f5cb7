// SPDX-License-Identifier: Apache-2.0

/// A sum of losses from logits, with one exponential per element and no logarithm:
///
///     sum of max(x, 0) - t x + log(1 + e^-|x|) = sum of |x| w + log of the product of (1 + e^-|x|),
///
/// where w is the weight of the wrong label. The product is kept as Q = product - 1, which holds tiny losses to full
/// relative accuracy: (1 + Q)(1 + e) - 1 = Q + (e + e Q). Four factors are multiplied in the element type, and the rest
/// of the chain is in Double. There are thus 2 roundings in the element type whatever the count, and if all elements
/// are equal, e + e and 2e + 2e are exact up to the term in e^2.
///
/// Range: each factor is in [1, 2], so the product in a lane of a tile (`Tuning.tileBytes`) stays below 2^1024.
///
/// Source: computing a sum of logarithms as the logarithm of a product is an old technique; see Iain Murray's `sumlog`
/// (2008) and Julia's LogExpFunctions, issue 48. Keeping the product minus 1 is new here.
@frozen
public struct SoftplusProduct {
    @usableFromInline var productLessOne: F64x16
    public var linear: F64x16

    @export(implementation) @inline(always)
    public init(productLessOne: F64x16 = .zero, linear: F64x16 = .zero) {
        self.productLessOne = productLessOne
        self.linear = linear
    }

    @export(implementation) @inline(always)
    public mutating func add<L: SixteenLanes>(_ term: SoftplusTerm<L>) {
        productLessOne = multiplyLessOne(productLessOne, term.factorLessOne.widened)
        linear = linear + term.linear.widened
    }

    /// The reduction over all lanes: the sum of the linear parts, and the product minus 1.
    @export(implementation) @inline(always)
    public var reduced: (linear: Double, productLessOne: Double) {
        (linear.sum, productLessOne.productLessOne)
    }

    /// The sum of all lanes. NaN if an element is NaN, if an infinite logit agrees with its label (0 times infinity),
    /// or if the sum is too small for `S`.
    @export(implementation) @inline(always)
    public func value<S: LaneScalar>(asSmallAs: S.Type) -> Double {
        let total = (linear + logarithms).sum
        return total >= Self.least(S.self) ? total : .nan
    }

    /// The sum of each lane, or NaN.
    @export(implementation) @inline(always)
    public func values<S: LaneScalar>(asSmallAs: S.Type) -> F64x16 {
        let sums = linear + logarithms
        return sums.ifAtLeast(F64x16(repeating: Self.least(S.self)), sums, F64x16(repeating: .nan))
    }

    /// Below this sum, exponentials that should be subnormal would contribute too large an error: a tile has at most
    /// 2^13 of them, and each is wrong by at most the smallest normal number of `S`, together 2^-35 of the sum.
    @export(implementation) @inline(always)
    public static func least<S: LaneScalar>(_: S.Type) -> Double { Double(S.leastNormalMagnitude) * 0x1p48 }

    /// The logarithm of each lane's product.
    @export(implementation) @inline(always)
    public var logarithms: F64x16 {
        // The product is below 2^1024, so `invalid` is 0 unless the product is NaN, which the logarithm would hide.
        let invalid = productLessOne * F64x16.zero
        return invalid + log(ofNormal: F64x16.one + productLessOne, lessOne: productLessOne)
    }
}

/// (1 + a)(1 + b) - 1.
@export(implementation) @inline(always)
func multiplyLessOne<L: Lanes>(_ a: L, _ b: L) -> L { a + L.multiplyAdd(a, b, b) }

/// The contribution of elements: a term of the linear sum, and a factor minus 1.
@frozen
public struct SoftplusTerm<L: Lanes> {
    @usableFromInline let linear: L
    @usableFromInline let factorLessOne: L

    @export(implementation) @inline(always)
    public init(linear: L, factorLessOne: L) {
        self.linear = linear
        self.factorLessOne = factorLessOne
    }

    /// The term of a logit and its target.
    @export(implementation) @inline(always)
    public init(_ x: L, _ t: L) { self.init(logit: x, wrong: x.ifGreater(L.zero, L.one - t, t)) }

    /// - Parameter wrong: the weight of the label that the logit disagrees with.
    @export(implementation) @inline(always)
    public init(logit x: L, wrong: L) {
        let magnitude = x.magnitude
        linear = wrong * magnitude
        factorLessOne = expOfNegative(magnitude, gradual: false)
    }

    /// The same term, but neutral where elements do not count, whatever their logits and targets are.
    @export(implementation) @inline(always)
    public func `where`(_ counts: L) -> Self {
        Self(linear: linear & counts, factorLessOne: factorLessOne & counts)
    }

    /// The linear part of all elements, and the factor of the elements with one label.
    @export(implementation) @inline(always)
    public func withFactor(where target: L, _ label: L) -> Self {
        Self(linear: linear, factorLessOne: target.ifEqual(label, factorLessOne, L.zero))
    }

    /// The factor of the elements with one label, without the linear part.
    @export(implementation) @inline(always)
    public func withFactorAlone(where target: L, _ label: L) -> Self {
        Self(linear: L.zero, factorLessOne: target.ifEqual(label, factorLessOne, L.zero))
    }

    /// The term that changes nothing.
    @export(implementation) @inline(always)
    public static var neutral: Self { Self(linear: L.zero, factorLessOne: L.zero) }

    /// The first `count` lanes; the other lanes are neutral.
    @export(implementation) @inline(always)
    public func inPrefix(_ count: Int) -> Self {
        Self(
            linear: linear.inPrefix(count, else: L.zero),
            factorLessOne: factorLessOne.inPrefix(count, else: L.zero))
    }

    /// The product of groups of lanes.
    @export(implementation) @inline(always)
    public var folded: SoftplusTerm<L.Scalar.Lanes> {
        SoftplusTerm<L.Scalar.Lanes>(
            linear: linear.foldedSum, factorLessOne: factorLessOne.folded { multiplyLessOne($0, $1) })
    }

    @export(implementation) @inline(always)
    public func joined(_ other: Self) -> Self {
        Self(
            linear: linear + other.linear, factorLessOne: multiplyLessOne(factorLessOne, other.factorLessOne))
    }
}

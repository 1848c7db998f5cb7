// SPDX-License-Identifier: Apache-2.0

/// The sum of losses from logits with one exponential an element and no logarithm.
///
///     sum of max(x, 0) - t x + log(1 + e^-|x|) = sum of |x| w + log of the product of (1 + e^-|x|),
///
/// where w is the weight of the wrong label. The product is kept as Q = product - 1, which holds tiny losses to full
/// relative accuracy: (1 + Q)(1 + e) - 1 = Q + (e + e Q). Four factors are multiplied in the element type, then the
/// chain goes on in Double: 2 roundings in the element type whatever the count, and where all elements are equal,
/// e + e and 2e + 2e are exact up to the term in e^2.
///
/// Range: each factor is in [1, 2], so a lane of a tile (`Tuning.tileBytes`) cannot overflow 2^1024.
/// Returns NaN where an element is NaN, an infinite logit agrees with its label (0 x infinity), or the sum is so small
/// that exponentials below the normal range count: then `evaluate` has the answer.
@inlinable @inline(always)
public func sumLogitLosses<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>
) -> Double {
    sumTerms(tile) { x, t in LogitTerm(x, t) }
}

/// The sum of losses in the product form, where `term` gives what each element contributes.
@inlinable @inline(always)
func sumTerms<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ term: (S.Lanes, S.Lanes) -> LogitTerm<S.Lanes>
) -> Double {
    multiplyTerms(tile, term).value(asSmallAs: S.self)
}

@inlinable @inline(always)
func multiplyTerms<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ term: (S.Lanes, S.Lanes) -> LogitTerm<S.Lanes>
) -> LogitSum {
    typealias L = S.Lanes
    var sum = LogitSum()
    var index = 0
    while index &+ 4 &* L.count <= tile.count {
        tile.prefetchAhead(index)
        let (a, b) = (tile.term(index, term), tile.term(index &+ L.count, term))
        let (c, d) = (tile.term(index &+ 2 &* L.count, term), tile.term(index &+ 3 &* L.count, term))
        sum.add(a.joined(b).joined(c.joined(d)))
        index &+= 4 &* L.count
    }
    guard index < tile.count else { return sum }
    tile.prefetchAhead(index)
    // Four vectors at most: in the element type they are joined as those above.
    var rest = LogitTerm(linear: L.zero, factorLessOne: L.zero)
    while index &+ L.count <= tile.count {
        rest = tile.term(index, term).joined(rest)
        index &+= L.count
    }
    if index < tile.count {
        let (prediction, target) = tile.loadTail()
        rest = term(prediction, target).inTail(of: tile).joined(rest)
    }
    sum.add(rest)
    return sum
}

extension Tile {
    @inlinable @inline(always)
    func term(
        _ index: Int, _ term: (S.Lanes, S.Lanes) -> LogitTerm<S.Lanes>
    ) -> LogitTerm<S.Lanes> {
        let (prediction, target) = load(index)
        return term(prediction, target)
    }
}

/// The two sums of the product form, in Double.
@frozen @usableFromInline
struct LogitSum {
    @usableFromInline var productLessOne: F64x16
    @usableFromInline var linear: F64x16

    @inlinable @inline(always)
    init(productLessOne: F64x16 = .zero, linear: F64x16 = .zero) {
        self.productLessOne = productLessOne
        self.linear = linear
    }

    @inlinable @inline(always)
    mutating func add<L: Lanes>(_ term: LogitTerm<L>) {
        productLessOne = multiplyLessOne(productLessOne, term.factorLessOne.widened)
        linear = linear + term.linear.widened
    }

    /// The sum of all lanes, or NaN where that is too small for `S`.
    @inlinable @inline(always)
    func value<S: LaneScalar>(asSmallAs: S.Type) -> Double {
        let total = logarithms.sum
        return total >= Self.least(S.self) ? total : .nan
    }

    /// The sum of each lane, or NaN.
    @inlinable @inline(always)
    func values<S: LaneScalar>(asSmallAs: S.Type) -> F64x16 {
        let sums = logarithms
        return sums.ifAtLeast(F64x16(repeating: Self.least(S.self)), sums, F64x16(repeating: .nan))
    }

    /// Below, the floor of the exponential would be seen: at most 2^14 times the smallest normal number of `S`.
    @inlinable @inline(always)
    static func least<S: LaneScalar>(_: S.Type) -> Double { Double(S.leastNormalMagnitude) * 0x1p48 }

    @inlinable @inline(always)
    var logarithms: F64x16 {
        // The product is below 2^1024, so that nothing but a NaN, which the logarithm would hide, is left of it here.
        let invalid = productLessOne * F64x16.zero
        return linear + invalid + log(ofNormal: F64x16.one + productLessOne, lessOne: productLessOne)
    }
}

/// (1 + a)(1 + b) - 1.
@inlinable @inline(always)
func multiplyLessOne<L: Lanes>(_ a: L, _ b: L) -> L { a + L.multiplyAdd(a, b, b) }

/// What elements contribute: a sum, and a factor less one.
@frozen @usableFromInline
struct LogitTerm<L: Lanes> {
    @usableFromInline let linear: L
    @usableFromInline let factorLessOne: L

    @inlinable @inline(always)
    init(linear: L, factorLessOne: L) {
        self.linear = linear
        self.factorLessOne = factorLessOne
    }

    @inlinable @inline(always)
    init(_ x: L, _ t: L) {
        let magnitude = x.magnitude
        linear = x.ifGreater(L.zero, L.one - t, t) * magnitude
        factorLessOne = expOfNegative(magnitude, gradual: false)
    }

    /// With lanes behind the end of a tile left out.
    @inlinable @inline(always)
    func inTail<S: LaneScalar, P: ElementSource, T: ElementSource>(of tile: Tile<S, P, T>) -> Self {
        Self(
            linear: tile.inTail(linear, else: L.zero), factorLessOne: tile.inTail(factorLessOne, else: L.zero)
        )
    }

    @inlinable @inline(always)
    func joined(_ other: Self) -> Self {
        Self(
            linear: linear + other.linear, factorLessOne: multiplyLessOne(factorLessOne, other.factorLessOne))
    }
}

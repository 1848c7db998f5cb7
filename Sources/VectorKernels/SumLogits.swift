/// The sum of losses from logits with one exponential an element and no logarithm.
///
///     sum of max(x, 0) - t x + log(1 + e^-|x|) = sum of |x| w + log of the product of (1 + e^-|x|),
///
/// where w is the weight of the wrong label. The product is kept as Q = product - 1, which holds tiny losses to full
/// relative accuracy: (1 + Q)(1 + e) - 1 = Q + (e + e Q). Four factors are multiplied in the element type, then the
/// chain goes on in Double: 2 roundings in the element type whatever the count, and where all elements are equal,
/// e + e and 2e + 2e are exact up to the term in e^2.
///
/// Range: each factor is in [1, 2], so a tile of `sumLogitTileLimit` vectors cannot overflow 2^1024.
/// Returns NaN where an element is NaN, an infinite logit agrees with its label (0 x infinity), or the sum is so small
/// that exponentials below the normal range count: then `sumLogitLossesEach` has the answer.
@inlinable @inline(always)
public func sumLogitLosses<S: LaneScalar, T: Storage>(_ tile: Tile<S, T>) -> Double {
    typealias L = S.Lanes
    typealias Wide = F64x16
    var product = Wide.zero  // less one
    var linear = Wide.zero
    var index = 0
    while index &+ 4 &* L.count <= tile.count {
        let a = logitTerm(tile, index, L.self)
        let b = logitTerm(tile, index &+ L.count, L.self)
        let c = logitTerm(tile, index &+ 2 &* L.count, L.self)
        let d = logitTerm(tile, index &+ 3 &* L.count, L.self)
        let four = a.joined(b).joined(c.joined(d))
        product = multiplyLessOne(product, four.factorLessOne.widened)
        linear = linear + four.linear.widened
        index &+= 4 &* L.count
    }
    while index &+ L.count <= tile.count {
        let one = logitTerm(tile, index, L.self)
        product = multiplyLessOne(product, one.factorLessOne.widened)
        linear = linear + one.linear.widened
        index &+= L.count
    }
    if index < tile.count {
        let (x, t) = tile.loadTail(as: L.self)
        let one = LogitTerm(x, t)
        product = multiplyLessOne(product, tile.inTail(one.factorLessOne, else: L.zero).widened)
        linear = linear + tile.inTail(one.linear, else: L.zero).widened
    }
    let total = (linear + log(ofNormal: Wide.one + product, lessOne: product)).sum
    // Below this the floor of the exponential, at most 2^14 times the smallest normal number, would be seen.
    return total >= Double(S.leastNormalMagnitude) * 0x1p48 ? total : .nan
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

    @inlinable @inline(always)
    func joined(_ other: Self) -> Self {
        Self(
            linear: linear + other.linear, factorLessOne: multiplyLessOne(factorLessOne, other.factorLessOne))
    }
}

@inlinable @inline(always)
func logitTerm<S: LaneScalar, T: Storage, L: Lanes>(
    _ tile: Tile<S, T>, _ index: Int, _: L.Type
) -> LogitTerm<L> {
    let (x, t) = tile.load(index, as: L.self)
    return LogitTerm(x, t)
}

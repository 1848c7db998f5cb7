/// The sum of losses from probabilities and 0/1 targets with neither exponential nor logarithm an element: the log of
/// the product of p (t = 1) and 1 - p (t = 0).
///
/// The product is kept in Double. In Float its roundings, 2^-25 each, would be as large as the losses of a good model
/// (1e-4 an element, all alike, would be wrong by 1e-4 of it). What rounding takes from a factor is added up apart, see
/// `LikelihoodFactor`. Once a block, the exponent of each lane is moved to a sum of its own, so that the product of the
/// significands stays in range.
///
/// Returns NaN, and `evaluate` has the answer, where: a target is not 0 or 1; a factor is negative,
/// NaN or 0, or a block's product leaves the normal range (a mean loss over 11 nats in a lane of a block); or the mean
/// loss is below `relativeFloor`, where 2^-53 a factor would be too much of it.
@inlinable @inline(always)
public func sumProbabilityLosses<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, bounded: Bool, lower: Double, upper: Double, factorFloor: Double
) -> Double {
    typealias L = S.Lanes
    let (low, high) = (L(repeating: S(lower)), L(repeating: S(upper)))
    let floor = F64x16(repeating: factorFloor)
    var product = LikelihoodProduct()
    var flags = LikelihoodFlags<L>()
    var index = 0
    while index &+ L.count <= tile.count {
        let blockEnd = min(tile.count &- L.count, index &+ (blockFactors &- 1) &* L.count)
        var block = F64x16.one
        var lost = L.zero
        while index <= blockEnd {
            let (probability, target) = tile.load(index)
            let p = bounded ? probability.atLeast(low).atMost(high) : probability
            let factor = LikelihoodFactor(p, target, &flags)
            lost = lost + factor.lost
            block = block * (bounded ? factor.value.widened.atLeast(floor) : factor.value.widened)
            index &+= L.count
        }
        product.endBlock(block, lost: lost.widened)
        // Soft targets show in the first block: a tile of them costs little before its other kernel.
        guard flags.allow else { return .nan }
    }
    if index < tile.count {
        let (probability, target) = tile.loadTail()
        let p = bounded ? probability.atLeast(low).atMost(high) : probability
        let factor = LikelihoodFactor(p, target, &flags)
        let value = bounded ? factor.value.widened.atLeast(floor) : factor.value.widened
        product.endBlock(
            tile.inTail(value, else: F64x16.one), lost: tile.inTail(factor.lost, else: L.zero).widened)
    }
    guard flags.allow else { return .nan }
    let total = product.negativeLogarithm
    return total >= S.relativeFloor * Double(tile.count) ? total : .nan
}

/// Factors multiplied before exponents are set aside. 64: the product stays normal unless the mean loss of a lane's
/// block exceeds 1,022 ln 2 / 64 = 11 nats (a uniformly random guess costs 1), and 3% faster than 32.
@inlinable @inline(always) var blockFactors: Int { 64 }

extension LaneScalar {
    /// The mean loss above which 2^-53 a factor, and 2^-25 of the loss for Float (`LikelihoodFactor`), are within the
    /// accuracy promised: 2^-53 / 2^-28 = 3e-8 where predictions are Float, 2^-53 / 2^-6 = 7e-15 for Double.
    @inlinable @inline(always) static var relativeFloor: Double {
        significandBitCount == Float.significandBitCount ? 0x1p-28 : 0x1p-6
    }
}

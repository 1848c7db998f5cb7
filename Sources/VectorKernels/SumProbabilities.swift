// SPDX-License-Identifier: Apache-2.0

/// The sum of losses from probabilities and 0/1 targets with neither exponential nor logarithm an element: the log of
/// the product of p (t = 1) and 1 - p (t = 0).
///
/// The product is kept in Double. In Float its roundings, 2^-25 each, would be as large as the losses of a good model
/// (1e-4 an element, all alike, would be wrong by 1e-4 of it). What rounding takes from a factor is added up apart, see
/// `LikelihoodBlock`. Once a block, the exponent of each lane is moved to a sum of its own, so that the product of the
/// significands stays in range.
///
/// Returns NaN, and another kernel has the answer, where: a target is not 0 or 1; a probability is not in [0, 1]; a
/// factor is 0, or a block's product leaves the normal range (`Tuning.blockVectors`); or the mean loss is below
/// `relativeFloor`, where 2^-53 a factor would be too much of it.
@inlinable @inline(always)
public func sumProbabilityLosses<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ bounds: FactorBounds<S.Lanes>
) -> Double {
    let product = multiplyLikelihoods(tile, bounds)
    guard product.isValid else { return .nan }
    let sum = product.negativeLogarithm
    return sum >= S.relativeFloor * Double(tile.count) ? sum : .nan
}

@inlinable @inline(always)
func multiplyLikelihoods<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ bounds: FactorBounds<S.Lanes>
) -> LikelihoodProduct {
    typealias L = S.Lanes
    var total = LikelihoodProduct()
    var outside = L.zero
    var index = 0
    while index &+ L.count <= tile.count {
        let whole = tile.count & ~(L.count &- 1)
        let end = min(whole, index &+ Tuning.blockVectors &* L.count)
        var block = LikelihoodBlock(outside)
        block.multiply(tile, index..<end, bounds)
        index = end
        total.add(block)
        outside = block.outside
        // Soft targets show in the first block: a tile of them costs little before its other kernel.
        guard block.isInside else { return .invalid }
    }
    if index < tile.count {
        var block = LikelihoodBlock(outside)
        block.multiplyTail(tile, bounds)
        total.add(block)
        guard block.isInside else { return .invalid }
    }
    return total
}

extension LaneScalar {
    /// The mean loss above which 2^-53 a factor, and 2^-25 of the loss for Float (`LikelihoodBlock`), are within the
    /// accuracy promised: 2^-53 / 2^-28 = 3e-8 where predictions are Float, 2^-53 / 2^-6 = 7e-15 for Double.
    @inlinable @inline(always) static var relativeFloor: Double {
        significandBitCount == Float.significandBitCount ? 0x1p-28 : 0x1p-6
    }
}

extension LikelihoodBlock {
    /// Whole vectors of a tile.
    @inlinable @inline(always)
    mutating func multiply<P: ElementSource, T: ElementSource>(
        _ tile: Tile<L.Scalar, P, T>, _ range: Range<Int>, _ bounds: FactorBounds<L>
    ) {
        var index = range.lowerBound
        while index &+ 4 &* L.count <= range.upperBound {
            tile.prefetchAhead(index)
            var group = 0
            while group < 4 {
                let (p, t) = tile.load(index &+ group &* L.count)
                multiply(bounds.bound(p), t, bounds)
                group &+= 1
            }
            index &+= 4 &* L.count
        }
        tile.prefetchAhead(index)
        while index < range.upperBound {
            let (p, t) = tile.load(index)
            multiply(bounds.bound(p), t, bounds)
            index &+= L.count
        }
    }

    /// The last elements of a tile. Behind the end, a probability of 0 with target 0: a factor of 1. (Bits there may be
    /// set.)
    @inlinable @inline(always)
    mutating func multiplyTail<P: ElementSource, T: ElementSource>(
        _ tile: Tile<L.Scalar, P, T>, _ bounds: FactorBounds<L>
    ) {
        let (p, t) = tile.loadTail()
        multiply(tile.inTail(bounds.bound(p), else: L.zero), tile.inTail(t, else: L.zero), bounds)
    }

    /// Whether all targets were 0 or 1, and all probabilities in [0, 1].
    @inlinable @inline(always)
    var isInside: Bool {
        let allowed = L.one ^ L.one.bitsDoubled
        return ((outside | allowed) ^ allowed).unionOfBits == 0
    }
}

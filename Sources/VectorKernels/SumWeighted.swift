public import CVectorKernels

/// The sum of plain losses times a weight each: losses in the element type, products and sum in Double.
///
/// A BLAS dot product of written losses and weights would read and write a tile more for the same arithmetic, and adds
/// in the element type. Error: that of a loss, below 3 ulp of the element type, where all elements are alike; over many
/// it averages out.
@inlinable @inline(always)
public func sumWeightedLosses<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, weights: AnyElements, _ formula: UnsafePointer<lk_formula>
) -> Double {
    if formula.pointee.is_probability != 0 {
        let bounds = LaneBounds<S.Lanes>(formula)
        return sumWeighted(tile, weights) { ProbabilityElement($0, Coefficients(target: $1), bounds).loss }
    }
    return sumWeighted(tile, weights) { LogitElement($0, Coefficients(target: $1)).loss }
}

@inlinable @inline(always)
func sumWeighted<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ weights: AnyElements, _ loss: (S.Lanes, S.Lanes) -> S.Lanes
) -> Double {
    typealias L = F64x16
    var sum = L.zero
    var index = 0
    while index &+ L.count <= tile.count {
        let (prediction, target) = tile.load(index)
        let weight = weights.load(index, as: L.self)
        sum = sum + weight.timesLoss(loss(prediction, target).widened)
        index &+= L.count
    }
    if index < tile.count {
        let (prediction, target) = tile.loadTail()
        let weight = weights.load(index, prefix: tile.count &- index, as: L.self)
        sum = sum + tile.inTail(weight.timesLoss(loss(prediction, target).widened), else: L.zero)
    }
    return sum.sum
}

extension F64x16 {
    /// The product; a weight of 0 makes 0 of an infinite loss, but not of a NaN.
    @inlinable @inline(always)
    func timesLoss(_ loss: F64x16) -> F64x16 {
        ifEqual(F64x16.zero, loss.magnitude.atMost(F64x16.zero), self * loss)
    }
}

/// The sum of losses with a logarithm for each element, in Double whatever the element type.
///
/// Takes every input: it is the reduction for soft targets with probabilities, and what the product kernels fall back
/// to. Vectors are added in fours first, so that a lane of a tile adds at most 128 numbers in sequence and rounding
/// stays below 1e-14 even where all elements are equal and no error averages out.
@inlinable @inline(always)
func sumEach<S: LaneScalar, T: Storage>(
    _ tile: Tile<S, T>, _ loss: (F64x16, F64x16) -> F64x16
) -> Double {
    typealias L = F64x16
    var sum = L.zero
    var index = 0
    while index &+ 4 &* L.count <= tile.count {
        var group = L.zero
        var vector = 0
        while vector < 4 {
            let (prediction, target) = tile.load(index &+ vector &* L.count, as: L.self)
            group = group + loss(prediction, target)
            vector &+= 1
        }
        sum = sum + group
        index &+= 4 &* L.count
    }
    while index &+ L.count <= tile.count {
        let (prediction, target) = tile.load(index, as: L.self)
        sum = sum + loss(prediction, target)
        index &+= L.count
    }
    if index < tile.count {
        let (prediction, target) = tile.loadTail(as: L.self)
        sum = sum + tile.inTail(loss(prediction, target), else: L.zero)
    }
    return sum.sum
}

@inlinable @inline(always)
public func sumLogitLossesEach<S: LaneScalar, T: Storage>(_ tile: Tile<S, T>) -> Double {
    sumEach(tile) { loss(logit: $0, target: $1) }
}

@inlinable @inline(always)
public func sumProbabilityLossesEach<S: LaneScalar, T: Storage>(
    _ tile: Tile<S, T>, lower: Double, upper: Double, logFloor: Double
) -> Double {
    let bounds = LaneBounds<F64x16>(lower: lower, upper: upper, logFloor: logFloor)
    return sumEach(tile) { loss(probability: $0, target: $1, bounds: bounds) }
}

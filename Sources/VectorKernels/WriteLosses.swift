/// Writes the loss of every element, computed in the element type.
@inlinable @inline(always)
func writeEach<S: LaneScalar, T: Storage>(
    _ tile: Tile<S, T>, _ output: UnsafeMutablePointer<S>, _ loss: (S.Lanes, S.Lanes) -> S.Lanes
) {
    typealias L = S.Lanes
    var index = 0
    while index &+ L.count <= tile.count {
        let (prediction, target) = tile.load(index, as: L.self)
        loss(prediction, target).store(output, index)
        index &+= L.count
    }
    if index < tile.count {
        let (prediction, target) = tile.loadTail(as: L.self)
        loss(prediction, target).store(output, index, prefix: tile.count &- index)
    }
}

@inlinable @inline(always)
public func writeLogitLosses<S: LaneScalar, T: Storage>(
    _ tile: Tile<S, T>, into output: UnsafeMutablePointer<S>
) {
    writeEach(tile, output) { loss(logit: $0, target: $1) }
}

@inlinable @inline(always)
public func writeProbabilityLosses<S: LaneScalar, T: Storage>(
    _ tile: Tile<S, T>, lower: Double, upper: Double, logFloor: Double, into output: UnsafeMutablePointer<S>
) {
    let bounds = LaneBounds<S.Lanes>(lower: lower, upper: upper, logFloor: logFloor)
    writeEach(tile, output) { loss(probability: $0, target: $1, bounds: bounds) }
}

/// Whether an element is not in [lower, upper]; NaN is not, and infinite bounds let all but NaN pass.
@inlinable @inline(always)
public func hasElementOutside<S: LaneScalar, T: Storage>(
    _ tile: Tile<S, T>, lower: Double, upper: Double
) -> Bool {
    typealias L = S.Lanes
    let (low, high) = (L(repeating: S(lower)), L(repeating: S(upper)))
    var outside = F64x16.zero
    var index = 0
    while index &+ L.count <= tile.count {
        let value = L.load(tile.predictions, index)
        outside = outside + value.outside(low, high).widened
        index &+= L.count
    }
    if index < tile.count {
        let value = L.load(tile.predictions, index, prefix: tile.count &- index)
        outside = outside + tile.inTail(value.outside(low, high), else: L.zero).widened
    }
    return outside.sum != 0
}

extension Lanes {
    /// 0 in lanes between the bounds, 1 in the others.
    @inlinable @inline(always)
    func outside(_ low: Self, _ high: Self) -> Self {
        ifAtLeast(low, high.ifAtLeast(self, Self.zero, Self.one), Self.one)
    }
}

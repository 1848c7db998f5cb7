public import CVectorKernels

/// Writes the loss of every element, of the plain formula, computed in the element type.
@inlinable @inline(always)
public func writeLosses<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ formula: UnsafePointer<lk_formula>, into output: UnsafeMutablePointer<S>
) {
    if formula.pointee.is_probability != 0 {
        let bounds = LaneBounds<S.Lanes>(formula)
        writeEach(tile, output) { ProbabilityElement($0, Coefficients(target: $1), bounds).loss }
    } else {
        writeEach(tile, output) { LogitElement($0, Coefficients(target: $1)).loss }
    }
}

@inlinable @inline(always)
func writeEach<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ output: UnsafeMutablePointer<S>, _ value: (S.Lanes, S.Lanes) -> S.Lanes
) {
    typealias L = S.Lanes
    var index = 0
    while index &+ L.count <= tile.count {
        let (prediction, target) = tile.load(index)
        value(prediction, target).store(output, index)
        index &+= L.count
    }
    if index < tile.count {
        let (prediction, target) = tile.loadTail()
        value(prediction, target).store(output, index, prefix: tile.count &- index)
    }
}

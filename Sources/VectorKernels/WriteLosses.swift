// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// Writes the loss of every element, of the plain formula, computed in the element type.
@inlinable @inline(always)
public func writeLosses<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ formula: UnsafePointer<lk_formula>, into output: UnsafeMutablePointer<S>
) {
    if formula.pointee.is_probability != 0 {
        let bounds = LaneBounds<S.Lanes>(formula)
        _ = writeEach(tile, output) { ProbabilityElement($0, Coefficients(target: $1), bounds).loss }
    } else {
        _ = writeEach(tile, output) { LogitElement($0, Coefficients(target: $1)).loss }
    }
}

/// Writes a value for each element. Returns 0, or NaN where a value is infinite or NaN.
@inlinable @inline(always)
func writeEach<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ tile: Tile<S, P, T>, _ output: UnsafeMutablePointer<S>, _ value: (S.Lanes, S.Lanes) -> S.Lanes
) -> Double {
    typealias L = S.Lanes
    var notFinite = L.zero
    var index = 0
    while index &+ L.count <= tile.count {
        let (prediction, target) = tile.load(index)
        let result = value(prediction, target)
        result.store(output, index)
        notFinite = L.multiplyAdd(result, L.zero, notFinite)
        index &+= L.count
    }
    if index < tile.count {
        let (prediction, target) = tile.loadTail()
        let result = value(prediction, target)
        result.store(output, index, prefix: tile.count &- index)
        notFinite = L.multiplyAdd(tile.inTail(result, else: L.zero), L.zero, notFinite)
    }
    return notFinite.widened.sum
}

// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// What a report adds up over a tile, lane by lane.
@frozen @usableFromInline
struct TileStatistics {
    @usableFromInline var counted = F64x16.zero
    @usableFromInline var weight = F64x16.zero
    @usableFromInline var clipped = F64x16.zero
    @usableFromInline var saturated = F64x16.zero
    @usableFromInline var squared = F64x16.zero
    @usableFromInline var weightByLoss = F64x16.zero
    @usableFromInline var squaredWeight = F64x16.zero

    @inlinable @inline(always) init() {}

    /// `values.loss` is w l: z.
    @inlinable @inline(always)
    mutating func add(
        _ prediction: F64x16, _ values: ElementValues, counted these: F64x16, weight w: F64x16,
        _ formula: UnsafePointer<lk_formula>
    ) {
        typealias L = F64x16
        let z = values.loss
        counted = counted + these
        weight = weight + w
        clipped = clipped + these.ifEqual(L.zero, L.zero, values.clipped)
        let low = L(repeating: formula.pointee.saturated_below)
        let high = L(repeating: formula.pointee.saturated_above)
        saturated =
            saturated
            + these.ifEqual(
                L.zero, L.zero, low.ifGreater(prediction, L.one, prediction.ifGreater(high, L.one, L.zero)))
        squared = L.multiplyAdd(z, z, squared)
        weightByLoss = L.multiplyAdd(w, z, weightByLoss)
        squaredWeight = L.multiplyAdd(w, w, squaredWeight)
    }

    @inlinable @inline(always)
    var reduced: lk_statistics {
        lk_statistics(
            counted: counted.sum, weight: weight.sum, clipped: clipped.sum, saturated: saturated.sum,
            squared_loss: squared.sum, weight_by_loss: weightByLoss.sum, squared_weight: squaredWeight.sum)
    }
}

/// How many elements of a tile count, and the sum of their weights.
@inlinable @inline(always)
public func addWeights(_ call: UnsafePointer<lk_call>) {
    typealias L = F64x16
    let targets = AnyElements(call.pointee.targets)!
    let rule = TargetRule(call)
    var (counted, weights) = (L.zero, L.zero)
    var index = 0
    while index < call.pointee.count {
        let count = min(L.count, call.pointee.count &- index)
        // Targets are read only where one may be missing.
        let target =
            rule.formula.pointee.missing == LK_NOTHING_MISSING
            ? L.zero : targets.load(index, count, as: L.self)
        let these = rule.counted(target, index, count)
        counted = counted + these
        weights = weights + these.ifEqual(L.zero, L.zero, rule.weight(index, count))
        index &+= L.count
    }
    call.pointee.statistics!.pointee.counted = counted.sum
    call.pointee.statistics!.pointee.weight = weights.sum
}

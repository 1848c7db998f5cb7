// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// Whether one of a tile's predictions is not in [lower, upper]; NaN is not, and infinite bounds let all but NaN pass.
@inlinable @inline(always)
public func hasElementOutside(_ call: UnsafePointer<lk_call>) -> Bool {
    typealias L = F64x16
    let (low, high) = (
        L(repeating: call.pointee.formula!.pointee.lower), L(repeating: call.pointee.formula!.pointee.upper)
    )
    let elements = AnyElements(call.pointee.predictions)!
    var index = 0
    while index < call.pointee.count {
        // Weights that are not all one, the usual case, are known after a look at a few.
        let groupEnd = min(call.pointee.count, index &+ 8 &* L.count)
        var outside = L.zero
        while index &+ L.count <= groupEnd {
            outside = outside + elements.load(index, as: L.self).outside(low, high)
            index &+= L.count
        }
        if index < groupEnd {
            let rest = groupEnd &- index
            let value = elements.load(index, prefix: rest, as: L.self)
            outside = outside + value.outside(low, high).inPrefix(rest, else: L.zero)
            index = groupEnd
        }
        if outside.sum != 0 { return true }
    }
    return false
}

extension Lanes {
    /// 0 in lanes between the bounds, 1 in the others.
    @inlinable @inline(always)
    func outside(_ low: Self, _ high: Self) -> Self {
        ifAtLeast(low, high.ifAtLeast(self, Self.zero, Self.one), Self.one)
    }
}

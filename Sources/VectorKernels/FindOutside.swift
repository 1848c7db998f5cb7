public import CVectorKernels

/// Whether one of a tile's predictions is not in [lower, upper]; NaN is not, and infinite bounds let all but NaN pass.
@inlinable @inline(always)
public func hasElementOutside(_ call: UnsafePointer<lk_call>) -> Bool {
    typealias L = F64x16
    let (low, high) = (
        L(repeating: call.pointee.formula!.pointee.lower), L(repeating: call.pointee.formula!.pointee.upper)
    )
    let elements = AnyElements(call.pointee.predictions)!
    var outside = L.zero
    var index = 0
    while index < call.pointee.count {
        let count = min(L.count, call.pointee.count &- index)
        let value = elements.load(index, count, as: L.self)
        outside = outside + value.outside(low, high).inPrefix(count, else: L.zero)
        index &+= L.count
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

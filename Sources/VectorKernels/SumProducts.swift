// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// The sum of written losses (`predictions`) times their weights: what is left of a weighted sum once the losses lie in
/// the first cache. CBLAS has this as a dot product; this one adds in Double, and a weight of 0 leaves an infinite loss
/// out.
///
/// Float losses and Float weights are multiplied as such, and four vectors added before they are widened: two roundings,
/// which average out unless all elements are alike. A Double on either side makes all Double.
@inlinable @inline(always)
public func sumProducts(_ call: UnsafePointer<lk_call>) -> Double {
    let (losses, weights) = (call.pointee.predictions, call.pointee.weights)
    if losses.storage == LK_F32, weights.storage == LK_F32 {
        return sumProducts(
            Elements<Float>(losses)!, Elements<Float>(weights)!, call.pointee.count, F32x16.self)
    }
    return sumProducts(AnyElements(losses)!, AnyElements(weights)!, call.pointee.count, F64x16.self)
}

@inlinable @inline(always)
func sumProducts<E: ElementSource, L: Lanes>(
    _ losses: E, _ weights: E, _ count: Int, _: L.Type
) -> Double {
    var sum = F64x16.zero
    var index = 0
    while index &+ 4 &* L.count <= count {
        let a = product(losses, weights, index, L.self)
        let b = product(losses, weights, index &+ L.count, L.self)
        let c = product(losses, weights, index &+ 2 &* L.count, L.self)
        let d = product(losses, weights, index &+ 3 &* L.count, L.self)
        sum = sum + ((a + b) + (c + d)).widened
        index &+= 4 &* L.count
    }
    while index &+ L.count <= count {
        sum = sum + product(losses, weights, index, L.self).widened
        index &+= L.count
    }
    if index < count {
        // Zeros behind the end on both sides.
        let rest = count &- index
        let weight = weights.load(index, prefix: rest, as: L.self)
        sum = sum + weight.timesLoss(losses.load(index, prefix: rest, as: L.self)).widened
    }
    return sum.sum
}

@inlinable @inline(always)
func product<E: ElementSource, L: Lanes>(_ losses: E, _ weights: E, _ index: Int, _: L.Type) -> L {
    weights.load(index, as: L.self).timesLoss(losses.load(index, as: L.self))
}

extension Lanes {
    /// The product; a weight of 0 makes 0 of an infinite loss (or its derivative), but not of a NaN.
    @inlinable @inline(always)
    func timesLoss(_ loss: Self) -> Self {
        ifEqual(Self.zero, loss.magnitude.atMost(Self.zero), self * loss)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a kernel does with predictions and targets, in any lanes: it returns what they contribute to a product.
public protocol SoftplusTerms {
    associatedtype S: LaneScalar

    /// The terms of the first `count` elements from `index` on. The contents of the lanes past them do not matter.
    mutating func term<L: Lanes>(
        _ predictions: L, _ targets: L, _ index: Int, _ count: Int
    ) -> SoftplusTerm<L> where L.Scalar == S
}

extension SoftplusTerms {
    /// The product of the terms of a tile.
    ///
    /// - Parameter isWide: whether there is a loop in wide lanes, which is faster but takes four times as much code.
    @export(implementation) @inline(always)
    public mutating func multiply<T: Storage>(
        _ tile: Tile<S, T>, isWide: Bool
    ) -> SoftplusProduct {
        var sum = SoftplusProduct()
        var index = 0
        while isWide, index &+ S.WideLanes.count <= tile.count {
            tile.prefetchAhead(index, count: S.WideLanes.count)
            let (predictions, targets) = tile.load(index, as: S.WideLanes.self)
            sum.add(term(predictions, targets, index, S.WideLanes.count).folded)
            index &+= S.WideLanes.count
        }
        while index < tile.count {
            tile.prefetchAhead(index, count: 4 &* S.Lanes.count)
            // At most four vectors, joined in the element type like those above.
            let end = min(tile.count, index &+ 4 &* S.Lanes.count)
            var rest = SoftplusTerm<S.Lanes>.neutral
            while index < end {
                let count = min(S.Lanes.count, end &- index)
                let (predictions, targets) = tile.load(index, count: count)
                let next = term(predictions, targets, index, count)
                rest = (count == S.Lanes.count ? next : next.inPrefix(count)).joined(rest)
                index &+= S.Lanes.count
            }
            sum.add(rest)
        }
        return sum
    }
}

/// The terms of the plain loss of logits.
@frozen
public struct PlainTerms<S: LaneScalar>: SoftplusTerms {
    @usableFromInline var check = DomainCheck<S.Lanes>()

    @export(implementation) @inline(always) public init() {}

    @export(implementation) @inline(always)
    public mutating func term<L: Lanes>(
        _ predictions: L, _ targets: L, _ index: Int, _ count: Int
    ) -> SoftplusTerm<L> where L.Scalar == S {
        check.see(targets, count: count)
        return SoftplusTerm(predictions, targets)
    }

    /// Whether a target may have been outside [0, 1].
    @export(implementation) @inline(always) public var mayBeOutside: Bool { check.mayBeOutside }
}

// SPDX-License-Identifier: Apache-2.0

/// Predictions, and targets that may be stored in another type, as the kernels read them.
@frozen
public struct Tile<S: LaneScalar, T: Storage> {
    @usableFromInline let predictions: Elements<S>
    @usableFromInline let targets: Elements<T>
    public let count: Int
    /// Whether at least sixteen elements of other rows follow the end.
    @usableFromInline let isFollowed: Bool

    @export(implementation) @inline(always)
    public init(
        _ predictions: UnsafeRawPointer, _ targets: UnsafeRawPointer, count: Int, isFollowed: Bool = false
    ) {
        self.predictions = Elements(predictions)
        self.targets = Elements(targets)
        self.count = count
        self.isFollowed = isFollowed
    }

    /// The first `count` of the sixteen elements from `index` on; the contents of the lanes past them are unspecified.
    /// Unless other rows follow, a load of fewer than sixteen elements calls memcpy, which costs as much as 50
    /// elements.
    @export(implementation) @inline(always)
    public func load(_ index: Int, count: Int) -> (prediction: S.Lanes, target: S.Lanes) {
        let readable = isFollowed ? S.Lanes.count : count
        return (
            predictions.load(index, count: readable, as: S.Lanes.self),
            targets.load(index, count: readable, as: S.Lanes.self)
        )
    }

    /// As many elements from `index` on as there are lanes.
    @export(implementation) @inline(always)
    public func load<L: Lanes>(_ index: Int, as: L.Type) -> (prediction: L, target: L) {
        (predictions.load(index, as: L.self), targets.load(index, as: L.self))
    }

    @export(implementation) @inline(always)
    public func prefetchAhead(_ index: Int, count: Int) {
        predictions.prefetchAhead(index, count: count)
        targets.prefetchAhead(index, count: count)
    }
}

extension Lanes {
    /// The first `count` lanes, and `neutral` in the others.
    @export(implementation) @inline(always)
    public func inPrefix(_ count: Int, else neutral: Self) -> Self {
        Self.indices.ifAtLeast(Self(repeating: Scalar(count)), neutral, self)
    }
}

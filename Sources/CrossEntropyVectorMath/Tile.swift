// SPDX-License-Identifier: Apache-2.0

/// Predictions and targets as the kernels read them, to be computed in lanes of `S`.
@frozen
public struct Tile<S: LaneScalar, P: Storage, T: Storage> {
    @usableFromInline let predictions: Elements<P>
    @usableFromInline let targets: Elements<T>
    public let count: Int
    /// Whether at least sixteen elements of other rows follow the end.
    @usableFromInline let isFollowed: Bool

    @export(implementation) @inline(always)
    public init(
        _: S.Type, _ predictions: Elements<P>, _ targets: Elements<T>, count: Int, isFollowed: Bool = false
    ) {
        self.predictions = predictions
        self.targets = targets
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

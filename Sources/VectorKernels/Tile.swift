// SPDX-License-Identifier: Apache-2.0

/// One tile of predictions and targets as the kernels see it, in lanes of `S`.
@frozen
public struct Tile<S: LaneScalar, P: ElementSource, T: ElementSource> {
    @usableFromInline let predictions: P
    @usableFromInline let targets: T
    @usableFromInline let count: Int
    /// Whether there are sixteen elements of other rows behind the end.
    @usableFromInline let isFollowed: Bool

    @inlinable @inline(always)
    public init(_: S.Type, _ predictions: P, _ targets: T, count: Int, isFollowed: Bool = false) {
        self.predictions = predictions
        self.targets = targets
        self.count = count
        self.isFollowed = isFollowed
    }

    @inlinable @inline(always)
    func load(_ index: Int) -> (prediction: S.Lanes, target: S.Lanes) {
        (predictions.load(index, as: S.Lanes.self), targets.load(index, as: S.Lanes.self))
    }

    /// Called once for 64 elements.
    @inlinable @inline(always)
    func prefetchAhead(_ index: Int) {
        predictions.prefetchAhead(index)
        targets.prefetchAhead(index)
    }

    /// The last `count % 16` elements; what is in the lanes behind them has no meaning. A load of less than sixteen is a
    /// call of memcpy, which costs as much as 50 elements.
    @inlinable @inline(always)
    func loadTail() -> (prediction: S.Lanes, target: S.Lanes) {
        if isFollowed { return load(count & ~(S.Lanes.count &- 1)) }
        let rest = count & (S.Lanes.count &- 1)
        return (
            predictions.load(count &- rest, prefix: rest, as: S.Lanes.self),
            targets.load(count &- rest, prefix: rest, as: S.Lanes.self)
        )
    }

    /// `value` in the lanes of a tail that are real, `neutral` in the others.
    @inlinable @inline(always)
    func inTail<L: Lanes>(_ value: L, else neutral: L) -> L {
        value.inPrefix(count & (L.count &- 1), else: neutral)
    }
}

extension Lanes {
    /// The first `count` lanes, `neutral` in the others.
    @inlinable @inline(always)
    func inPrefix(_ count: Int, else neutral: Self) -> Self {
        Self.indices.ifAtLeast(Self(repeating: Scalar(count)), neutral, self)
    }
}

public import CVectorKernels

/// One tile of predictions and targets as the kernels see it: `S` is what they are stored as and `T` what the targets
/// are stored as.
@frozen
public struct Tile<S: LaneScalar, T: Storage> {
    @usableFromInline let predictions: UnsafePointer<S>
    @usableFromInline let targets: UnsafePointer<T>
    @usableFromInline let count: Int

    @inlinable @inline(always)
    public init(_ call: lk_call) {
        predictions = call.predictions.assumingMemoryBound(to: S.self)
        targets = call.targets.assumingMemoryBound(to: T.self)
        count = call.count
    }

    /// The elements of one vector, as lanes of type `L`.
    @inlinable @inline(always)
    func load<L: Lanes>(_ index: Int, as: L.Type) -> (prediction: L, target: L) {
        (L.load(predictions, index), L.load(targets, index))
    }

    /// The last `count % 16` elements; the lanes behind them are zeros.
    @inlinable @inline(always)
    func loadTail<L: Lanes>(as: L.Type) -> (prediction: L, target: L) {
        let rest = count & (L.count &- 1)
        return (
            L.load(predictions, count &- rest, prefix: rest), L.load(targets, count &- rest, prefix: rest)
        )
    }

    /// `value` in the lanes of a tail that are real, `neutral` in the others.
    @inlinable @inline(always)
    func inTail<L: Lanes>(_ value: L, else neutral: L) -> L {
        L.indices.ifAtLeast(L(repeating: L.Scalar(count & (L.count &- 1))), neutral, value)
    }
}

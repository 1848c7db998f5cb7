internal import KernelLevels

/// The memory of a call's arguments without their types, so that the work behind a generic entry point is compiled
/// once, here, and not looked up at run time in the caller's module.
@unsafe @usableFromInline
struct Arguments {
    let predictions: UnsafeRawPointer?
    let scalar: LossScalarKind
    let count: Int
    let targets: UnsafeRawPointer?
    let storage: LossTargetStorage
    let targetCount: Int

    @usableFromInline
    init(
        _ predictions: UnsafeRawPointer?, _ scalar: LossScalarKind, _ count: Int,
        _ targets: UnsafeRawPointer?,
        _ storage: LossTargetStorage, _ targetCount: Int
    ) {
        unsafe self.predictions = predictions
        unsafe self.scalar = scalar
        unsafe self.count = count
        unsafe self.targets = targets
        unsafe self.storage = storage
        unsafe self.targetCount = targetCount
    }

    /// The tile of elements `range`; not for an empty one.
    func tile(_ range: Range<Int>, _ domain: PredictionDomain, _ bounds: ProbabilityBounds?) -> LossTile {
        unsafe LossTile(
            domain: domain, scalar: scalar.kind, targetStorage: storage.storage, bounds: bounds,
            predictions: predictions! + range.lowerBound * scalar.kind.stride,
            targets: targets! + range.lowerBound * storage.storage.stride, count: range.count)
    }
}

/// Calls `body` with the arguments' memory, for as long as it lasts.
@inlinable @inline(always)
func withArguments<S: LossScalar, T: LossTarget, R>(
    _ predictions: Span<S>, _ targets: Span<T>,
    _ body: (Arguments) throws(CrossEntropyError) -> R
) throws(CrossEntropyError) -> R {
    try unsafe predictions.withUnsafeBufferPointer { p throws(CrossEntropyError) in
        try unsafe targets.withUnsafeBufferPointer { t throws(CrossEntropyError) in
            try unsafe body(
                Arguments(
                    UnsafeRawPointer(p.baseAddress), S.lossScalarKind, p.count,
                    UnsafeRawPointer(t.baseAddress),
                    T.lossTargetStorage, t.count))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension LossBatch {
    /// The same batch with a weight for all elements. Weights of every kind multiply; each is set once.
    ///
    /// - Throws: `CrossEntropyError.invalidOption` for a weight that is not finite.
    @_lifetime(copy self)
    public func weighted(by weight: Double) throws(CrossEntropyError) -> LossBatch {
        guard weight.isFinite else {
            throw .invalidOption(option: "weight", value: weight, allowed: "a finite number")
        }
        var copy = self
        copy.memory.weight = weight
        return copy
    }

    /// The same batch with a weight for each element.
    ///
    /// - Parameter weights: rows x columns numbers. A weight of 0 makes even an infinite loss 0.
    /// - Throws: `CrossEntropyError.countMismatch`.
    @inlinable
    @_lifetime(copy self, copy weights)
    public func weighted<W: LossScalar>(byElement weights: Span<W>) throws(CrossEntropyError) -> LossBatch {
        try unsafe with(Memory(weights), .weights, "weights", count)
    }

    /// The same batch with a weight for each row: of an example.
    @inlinable
    @_lifetime(copy self, copy weights)
    public func weighted<W: LossScalar>(byRow weights: Span<W>) throws(CrossEntropyError) -> LossBatch {
        try unsafe with(Memory(weights), .rowWeights, "row weights", rows)
    }

    /// The same batch with a weight for each column: of a class.
    @inlinable
    @_lifetime(copy self, copy weights)
    public func weighted<W: LossScalar>(byColumn weights: Span<W>) throws(CrossEntropyError) -> LossBatch {
        try unsafe with(Memory(weights), .columnWeights, "column weights", columns)
    }

    /// The same batch with a weight for the positive part of each column's loss (PyTorch: `pos_weight`). It multiplies
    /// the option `positiveWeight`.
    @inlinable
    @_lifetime(copy self, copy weights)
    public func positivesWeighted<W: LossScalar>(
        byColumn weights: Span<W>
    ) throws(CrossEntropyError) -> LossBatch {
        try unsafe with(Memory(weights), .positiveColumnWeights, "positive column weights", columns)
    }

    /// The same batch with a weight for the positive part of each element's loss. It multiplies the option `positiveWeight`
    /// and the weights by column.
    ///
    /// - Parameter weights: rows x columns numbers.
    @inlinable
    @_lifetime(copy self, copy weights)
    public func positivesWeighted<W: LossScalar>(
        byElement weights: Span<W>
    ) throws(CrossEntropyError) -> LossBatch {
        try unsafe with(Memory(weights), .positiveWeights, "positive weights", count)
    }

    /// The same batch where elements count only if `mask` is true: in no sum, no divisor, and with a gradient of 0,
    /// whatever they hold.
    @inlinable
    @_lifetime(copy self, copy mask)
    public func masked(by mask: Span<Bool>) throws(CrossEntropyError) -> LossBatch {
        try unsafe with(Memory(targets: mask), .mask, "mask", count)
    }

    /// The same with a byte for each element: 0 does not count.
    @inlinable
    @_lifetime(copy self, copy mask)
    public func masked(by mask: Span<UInt8>) throws(CrossEntropyError) -> LossBatch {
        try unsafe with(Memory(targets: mask), .mask, "mask", count)
    }

    /// The same with a bit for each element, the lowest bit of a byte first (Arrow's validity bitmap).
    @inlinable
    @_lifetime(copy self, copy mask)
    public func masked(byPacked mask: Span<UInt8>) throws(CrossEntropyError) -> LossBatch {
        try unsafe with(Memory(bits: mask, count: count, "mask"), .mask, "mask", count)
    }

    @usableFromInline
    @_lifetime(copy self)
    func with(
        _ memory: Memory, _ place: MemoryPlace, _ argument: String, _ expected: Int
    ) throws(CrossEntropyError) -> LossBatch {
        try checkCount(unsafe memory.count, argument, expected)
        var copy = self
        switch place {
        case .weights: unsafe copy.memory.weights = memory.column
        case .positiveWeights: unsafe copy.memory.positiveWeights = memory.column
        case .rowWeights: unsafe copy.memory.rowWeights = memory.column
        case .columnWeights: unsafe copy.memory.columnWeights = memory.column
        case .positiveColumnWeights: unsafe copy.memory.positiveColumnWeights = memory.column
        case .mask: unsafe copy.memory.mask = memory.column
        }
        return copy
    }
}

/// What a batch may have beside predictions and targets.
@usableFromInline
enum MemoryPlace { case weights, positiveWeights, mask, rowWeights, columnWeights, positiveColumnWeights }

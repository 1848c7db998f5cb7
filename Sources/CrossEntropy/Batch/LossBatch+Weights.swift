// SPDX-License-Identifier: Apache-2.0

extension LossBatch {
    /// The same batch with one weight for all elements, which multiplies any that it already has. Weights of different
    /// kinds are multiplied together.
    ///
    /// - Throws: `CrossEntropyError.invalidOption` for a weight, or a product of weights, that is not finite.
    @_lifetime(copy self)
    public func weighted(by weight: Double) throws(CrossEntropyError) -> LossBatch {
        let product = memory.weight * weight
        guard weight.isFinite, product.isFinite else {
            throw .invalidOption(
                option: "weight", value: weight.isFinite ? product : weight, allowed: "a finite number")
        }
        var copy = self
        copy.memory.weight = product
        return copy
    }

    /// The same batch with a weight for each element.
    ///
    /// - Parameter weights: rows x columns numbers, which may be negative; nil changes nothing. A weight of 0 makes
    ///   even an infinite loss 0.
    /// - Throws: `CrossEntropyError.countMismatch`, or `.givenTwice` if the batch already has weights of elements. The
    ///   other methods throw correspondingly.
    @inlinable
    @_lifetime(copy self, copy weights)
    public func weighted<W: LossScalar>(byElement weights: Span<W>?) throws(CrossEntropyError) -> LossBatch {
        guard let weights else { return self }
        return try unsafe with(Memory(weights), .weights)
    }

    /// The same batch with a weight for each row (example).
    @inlinable
    @_lifetime(copy self, copy weights)
    public func weighted<W: LossScalar>(byRow weights: Span<W>?) throws(CrossEntropyError) -> LossBatch {
        guard let weights else { return self }
        return try unsafe with(Memory(weights), .rowWeights)
    }

    /// The same batch with a weight for each column (class).
    @inlinable
    @_lifetime(copy self, copy weights)
    public func weighted<W: LossScalar>(byColumn weights: Span<W>?) throws(CrossEntropyError) -> LossBatch {
        guard let weights else { return self }
        return try unsafe with(Memory(weights), .columnWeights)
    }

    /// The same batch with a weight for the positive part of each column's loss (PyTorch: `pos_weight`). It multiplies
    /// the option `positiveWeight`.
    @inlinable
    @_lifetime(copy self, copy weights)
    public func positivesWeighted<W: LossScalar>(
        byColumn weights: Span<W>?
    ) throws(CrossEntropyError) -> LossBatch {
        guard let weights else { return self }
        return try unsafe with(Memory(weights), .positiveColumnWeights)
    }

    /// The same batch with a weight for the positive part of each element's loss. It multiplies the option
    /// `positiveWeight` and the weights by column.
    ///
    /// - Parameter weights: rows x columns numbers.
    @inlinable
    @_lifetime(copy self, copy weights)
    public func positivesWeighted<W: LossScalar>(
        byElement weights: Span<W>?
    ) throws(CrossEntropyError) -> LossBatch {
        guard let weights else { return self }
        return try unsafe with(Memory(weights), .positiveWeights)
    }

    /// The same batch, in which elements count only if `mask` is true. An element that does not count enters no sum and
    /// no divisor and has a gradient of 0, whatever its values are.
    @inlinable
    @_lifetime(copy self, copy mask)
    public func masked(by mask: Span<Bool>?) throws(CrossEntropyError) -> LossBatch {
        guard let mask else { return self }
        return try unsafe with(Memory(targets: mask), .mask)
    }

    /// The same with one byte per element. An element whose byte is 0 does not count.
    @inlinable
    @_lifetime(copy self, copy mask)
    public func masked(by mask: Span<UInt8>?) throws(CrossEntropyError) -> LossBatch {
        guard let mask else { return self }
        return try unsafe with(Memory(targets: mask), .mask)
    }

    /// The same with one bit per element, the lowest bit of a byte first (Arrow's validity bitmap).
    @inlinable
    @_lifetime(copy self, copy mask)
    public func masked(byPacked mask: Span<UInt8>?) throws(CrossEntropyError) -> LossBatch {
        guard let mask else { return self }
        return try unsafe with(Memory(bits: mask, count: count, "mask"), .mask)
    }

    @usableFromInline
    @_lifetime(copy self)
    func with(_ memory: Memory, _ place: BatchMemory.Place) throws(CrossEntropyError) -> LossBatch {
        // Checked before the copy is made. If an error could still be thrown afterwards, the result would be copied once
        // more.
        try unsafe self.memory.check(memory, place)
        var copy = self
        unsafe copy.memory.put(memory, place)
        return copy
    }
}

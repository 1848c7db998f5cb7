// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension BatchMemory {
    /// The optional parts of a batch, in addition to predictions and targets.
    @usableFromInline
    package enum Place {
        case weights, rowWeights, columnWeights, positiveWeights, positiveColumnWeights, mask
    }

    /// Adds a part that the batch does not have yet.
    @usableFromInline
    package mutating func set(_ memory: Memory, _ place: Place) throws(CrossEntropyError) {
        try unsafe check(memory, place)
        unsafe put(memory, place)
    }

    /// Checks that a part has the right count, and that the batch does not have it yet.
    func check(_ memory: Memory, _ place: Place) throws(CrossEntropyError) {
        let count = unsafe memory.count
        switch place {
        case .weights: try Self.check(count, "weights", self.count, weights)
        case .rowWeights: try Self.check(count, "row weights", rows, rowWeights)
        case .columnWeights: try Self.check(count, "column weights", columns, columnWeights)
        case .positiveWeights: try Self.check(count, "positive weights", self.count, positiveWeights)
        case .positiveColumnWeights:
            try Self.check(count, "positive column weights", columns, positiveColumnWeights)
        case .mask: try Self.check(count, "mask", self.count, mask)
        }
    }

    private static func check(
        _ count: Int, _ argument: String, _ expected: Int, _ given: Column?
    ) throws(CrossEntropyError) {
        try checkCount(count, argument, expected)
        guard given == nil else { throw .givenTwice(argument: argument) }
    }

    /// Stores a part that has been checked.
    @inline(always)
    mutating func put(_ memory: Memory, _ place: Place) {
        let column = unsafe memory.column
        switch place {
        case .weights: weights = column
        case .rowWeights: rowWeights = column
        case .columnWeights: columnWeights = column
        case .positiveWeights: positiveWeights = column
        case .positiveColumnWeights: positiveColumnWeights = column
        case .mask: mask = column
        }
    }

    /// Takes all arguments of a call on pointers. Their memory must outlive this value.
    @inlinable
    init<P: LossPrediction, T: LossTarget>(
        logits: Bool, _ predictions: UnsafeBufferPointer<P>, _ targets: UnsafeBufferPointer<T>, columns: Int?,
        weights: UnsafeBufferPointer<P.LossResult>?, rowWeights: UnsafeBufferPointer<P.LossResult>?,
        columnWeights: UnsafeBufferPointer<P.LossResult>?,
        positiveWeights: UnsafeBufferPointer<P.LossResult>?,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>?, mask: UnsafeBufferPointer<Bool>?
    ) throws(CrossEntropyError) {
        unsafe try self.init(logits: logits, Memory(predictions), Memory(targets: targets), columns: columns)
        if let weights = unsafe weights { unsafe try set(Memory(weights), .weights) }
        if let rowWeights = unsafe rowWeights { unsafe try set(Memory(rowWeights), .rowWeights) }
        if let columnWeights = unsafe columnWeights { unsafe try set(Memory(columnWeights), .columnWeights) }
        if let positiveWeights = unsafe positiveWeights {
            unsafe try set(Memory(positiveWeights), .positiveWeights)
        }
        if let positiveColumnWeights = unsafe positiveColumnWeights {
            unsafe try set(Memory(positiveColumnWeights), .positiveColumnWeights)
        }
        if let mask = unsafe mask { unsafe try set(Memory(targets: mask), .mask) }
    }
}

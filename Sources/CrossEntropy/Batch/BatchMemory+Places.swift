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
        let given = unsafe memory
        switch place {
        case .weights: try unsafe Self.set(&weights, given, "weights", count)
        case .rowWeights: try unsafe Self.set(&rowWeights, given, "row weights", rows)
        case .columnWeights: try unsafe Self.set(&columnWeights, given, "column weights", columns)
        case .positiveWeights: try unsafe Self.set(&positiveWeights, given, "positive weights", count)
        case .positiveColumnWeights:
            try unsafe Self.set(&positiveColumnWeights, given, "positive column weights", columns)
        case .mask: try unsafe Self.set(&mask, given, "mask", count)
        }
    }

    private static func set(
        _ column: inout Column?, _ memory: Memory, _ argument: String, _ expected: Int
    ) throws(CrossEntropyError) {
        try checkCount(unsafe memory.count, argument, expected)
        guard column == nil else { throw .givenTwice(argument: argument) }
        column = unsafe memory.column
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

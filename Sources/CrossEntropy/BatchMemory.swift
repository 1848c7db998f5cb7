internal import KernelLevels

/// A span without its type and lifetime, so that the work behind a generic entry point is compiled once, here, and not
/// looked up at run time in the caller's module. Whoever makes one keeps the memory alive.
@unsafe @usableFromInline
struct Memory {
    let base: UnsafeRawPointer?
    let storage: LossStorage
    /// Elements.
    let count: Int

    @usableFromInline
    init(_ base: UnsafeRawPointer?, _ storage: LossStorage, count: Int) {
        unsafe self.base = base
        unsafe self.storage = storage
        unsafe self.count = count
    }

    /// Empty memory may have no address; nobody reads from this one.
    var column: ElementColumn {
        unsafe ElementColumn(base ?? UnsafeRawPointer(bitPattern: 8)!, storage.storage)
    }
}

/// The arguments of a call. Made by a `LossBatch`, which lives no longer than their memory.
@safe @usableFromInline
struct BatchMemory {
    let domain: PredictionDomain
    let count: Int
    let columns: Int
    let predictions: ElementColumn
    let targets: ElementColumn
    var weight = 1.0
    var weights: ElementColumn?
    var rowWeights: ElementColumn?
    var columnWeights: ElementColumn?
    var positiveColumnWeights: ElementColumn?
    var mask: ElementColumn?

    @usableFromInline
    init(
        logits: Bool, _ predictions: Memory, _ targets: Memory, columns: Int?
    ) throws(CrossEntropyError) {
        count = unsafe predictions.count
        try checkCount(unsafe targets.count, "targets", count)
        self.columns = columns ?? count
        guard count == 0 ? self.columns >= 0 : self.columns > 0 && count % self.columns == 0 else {
            throw .invalidOption(
                option: "columns", value: Double(self.columns), allowed: "a divisor of the \(count) elements")
        }
        domain = logits ? .logits : .probabilities
        unsafe self.predictions = predictions.column
        unsafe self.targets = targets.column
    }

    var rows: Int { columns == 0 ? 0 : count / columns }
    /// The type of losses and derivatives.
    var result: ElementStorage { predictions.storage.result }

    /// Whether weights are spread over a row or a column, or differ by column for positive targets.
    var isBroadcast: Bool {
        rowWeights != nil || columnWeights != nil || positiveColumnWeights != nil
    }
}

func checkCount(_ count: Int, _ argument: String, _ expected: Int) throws(CrossEntropyError) {
    guard count == expected else {
        throw .countMismatch(argument: argument, count: count, expected: expected)
    }
}

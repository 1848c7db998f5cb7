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

    /// From element `index` on; not for empty memory.
    func column(from index: Int) -> ElementColumn {
        unsafe ElementColumn(base!, storage.storage).from(index)
    }
}

/// The arguments of a call. Made by a `LossBatch`, which lives no longer than their memory.
@safe @usableFromInline
struct BatchMemory {
    let domain: PredictionDomain
    let predictions: Memory
    let targets: Memory
    let columns: Int
    var weight = 1.0
    var weights: Memory?
    var rowWeights: Memory?
    var columnWeights: Memory?
    var positiveColumnWeights: Memory?
    var mask: Memory?

    @usableFromInline
    init(
        logits: Bool, _ predictions: Memory, _ targets: Memory, columns: Int?
    ) throws(CrossEntropyError) {
        let count = unsafe predictions.count
        try checkCount(unsafe targets.count, "targets", count)
        let width = columns ?? count
        guard width > 0 || count == 0, width >= 0, width == 0 || count % width == 0 else {
            throw .invalidOption(
                option: "columns", value: Double(width), allowed: "a divisor of the \(count) elements")
        }
        domain = logits ? .logits : .probabilities
        unsafe self.predictions = predictions
        unsafe self.targets = targets
        self.columns = width
    }

    var count: Int { unsafe predictions.count }
    var rows: Int { columns == 0 ? 0 : count / columns }
    var result: ElementStorage { unsafe predictions.storage.storage.result }

    /// Whether weights are spread over a row or a column, or differ by column for positive targets.
    var isBroadcast: Bool {
        unsafe rowWeights != nil || columnWeights != nil || positiveColumnWeights != nil
    }
}

func checkCount(_ count: Int, _ argument: String, _ expected: Int) throws(CrossEntropyError) {
    guard count == expected else {
        throw .countMismatch(argument: argument, count: count, expected: expected)
    }
}

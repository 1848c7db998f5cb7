internal import KernelLevels

extension BinaryCrossEntropy {
    /// Finds a probability that is NaN or outside [0, 1].
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` with the first such index and its value.
    public static func check<S: LossScalar>(probabilities: Span<S>) throws(CrossEntropyError) {
        try check(probabilities, "probabilities", 0...1, "[0, 1]")
    }

    /// Finds a logit that is NaN; infinite ones are certain predictions.
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` with the first such index and its value.
    public static func check<S: LossScalar>(logits: Span<S>) throws(CrossEntropyError) {
        try check(logits, "logits", -.infinity ... .infinity, "[-infinity, infinity]")
    }

    /// Finds a target that is NaN or outside [0, 1].
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` with the first such index and its value.
    public static func check<S: LossScalar>(targets: Span<S>) throws(CrossEntropyError) {
        try check(targets, "targets", 0...1, "[0, 1]")
    }

    /// Finds a target that is not 0 or 1.
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` with the first such index and its value.
    public static func check(targets: Span<UInt8>) throws(CrossEntropyError) {
        for index in targets.indices where targets[index] > 1 {
            throw .valueOutOfDomain(
                argument: "targets", index: index, value: Double(targets[index]), domain: "{0, 1}")
        }
    }

    /// A kernel says whether a tile holds such an element; only then are its elements looked at one by one.
    private static func check<S: LossScalar>(
        _ elements: Span<S>, _ argument: String, _ domain: ClosedRange<Double>, _ name: String
    ) throws(CrossEntropyError) {
        let level = try KernelLevel.current()
        let plan = TilePlan(count: elements.count, result: S.predictionStorage.storage)
        let memory = unsafe Memory(elements)
        for tile in 0..<plan.tiles {
            let range = plan.range(tile)
            guard
                unsafe memory.column.from(range.lowerBound).hasElementOutside(
                    domain, count: range.count, level)
            else { continue }
            for index in range where !domain.contains(Double(elements[index])) {
                throw .valueOutOfDomain(
                    argument: argument, index: index, value: Double(elements[index]), domain: name)
            }
        }
    }
}

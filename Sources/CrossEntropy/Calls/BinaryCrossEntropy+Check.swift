// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension BinaryCrossEntropy {
    /// Checks that no probability is NaN or outside [0, 1].
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` with the index and value of the first element that fails the
    ///   check.
    public static func check<P: LossPrediction>(probabilities: Span<P>) throws(CrossEntropyError) {
        try unsafe check(Memory(probabilities), "probabilities", 0...1, "[0, 1]")
    }

    /// Checks that no logit is NaN. Infinite logits are certain predictions.
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` with the index and value of the first element that fails the
    ///   check.
    public static func check<P: LossPrediction>(logits: Span<P>) throws(CrossEntropyError) {
        try unsafe check(Memory(logits), "logits", -.infinity ... .infinity, "[-infinity, infinity]")
    }

    /// Checks that no target is NaN or outside [0, 1].
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` with the index and value of the first element that fails the
    ///   check.
    public static func check<S: LossScalar>(targets: Span<S>) throws(CrossEntropyError) {
        try unsafe check(Memory(targets), "targets", 0...1, "[0, 1]")
    }

    /// Checks that every target is 0 or 1.
    ///
    /// - Throws: `CrossEntropyError.valueOutOfDomain` with the index and value of the first element that fails the
    ///   check.
    public static func check(targets: Span<UInt8>) throws(CrossEntropyError) {
        for index in targets.indices where targets[index] > 1 {
            throw .valueOutOfDomain(
                argument: "targets", index: index, value: Double(targets[index]), domain: "{0, 1}")
        }
    }

    /// A kernel determines whether a tile contains an element that fails the check; only then are its elements examined
    /// one by one.
    private static func check(
        _ memory: Memory, _ argument: String, _ domain: ClosedRange<Double>, _ name: String
    ) throws(CrossEntropyError) {
        let level = try exact.kernelLevel
        let elements = unsafe memory.column
        let schedule = Schedule(count: unsafe memory.count, result: elements.dtype.result)
        for tile in 0..<schedule.tiles {
            let range = schedule.range(tile)
            guard elements.from(range.lowerBound).hasNumberOutside(domain, count: range.count, level) else {
                continue
            }
            for index in range where !domain.contains(elements.number(index)) {
                throw .valueOutOfDomain(
                    argument: argument, index: index, value: elements.number(index), domain: name)
            }
        }
    }
}

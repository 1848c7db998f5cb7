// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// Writes the loss of each element of a batch, weighted but not reduced, into `losses`; the loss of an element that
    /// does not count is 0.
    ///
    /// Edge cases are as for `loss(_:)`. Accuracy: within 4 ulp of the result type, 6 ulp with weights or smoothing,
    /// and 8 + 2 gamma (1 + |ln(1 - p_t)|) ulp with a focal factor.
    ///
    /// - Parameters:
    ///   - batch: n predictions with their targets, weights and mask.
    ///   - losses: n elements, overwritten with losses in nats.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written; `.valueOutOfDomain` as for `loss(_:)`,
    ///   in which case the contents of the output are meaningless.
    @inlinable
    public func writeLosses<P>(
        _ batch: borrowing LossBatch<P>, into losses: inout MutableSpan<P.LossResult>
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBytes { unsafe $0 }
        try unsafe write(batch.memory, into: output)
    }

    /// The loss of each element of a batch, in nats; see `writeLosses(_:into:)`.
    public func losses<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> [P.LossResult] {
        var losses = [P.LossResult](repeating: 0, count: batch.count)
        var span = losses.mutableSpan
        try writeLosses(batch, into: &span)
        return losses
    }

    /// Writes the loss of each logit into `losses`; see `writeLosses(_:into:)`.
    @inlinable
    public func writeLosses<P: LossPrediction, T: LossTarget>(
        logits: Span<P>, targets: Span<T>, into losses: inout MutableSpan<P.LossResult>
    ) throws(CrossEntropyError) {
        try writeLosses(LossBatch(logits: logits, targets: targets), into: &losses)
    }

    /// Writes the loss of each probability into `losses`; see `writeLosses(_:into:)`.
    @inlinable
    public func writeLosses<P: LossPrediction, T: LossTarget>(
        probabilities: Span<P>, targets: Span<T>, into losses: inout MutableSpan<P.LossResult>
    ) throws(CrossEntropyError) {
        try writeLosses(LossBatch(probabilities: probabilities, targets: targets), into: &losses)
    }

    @usableFromInline
    package func write(
        _ batch: BatchMemory, into losses: UnsafeMutableRawBufferPointer
    ) throws(CrossEntropyError) {
        try evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            try unsafe evaluation.write(into: losses)
        }
    }
}

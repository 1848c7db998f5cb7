// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// Writes the loss of each element of a batch, weighted but not reduced, into `losses`; 0 where an element does not
    /// count.
    ///
    /// Edge cases as for `loss(_:)`. Accuracy: within 4 ulp of the type of the results; with weights or smoothing 6, with a
    /// focal factor 8 + 2 gamma (1 + |ln(1 - p_t)|).
    ///
    /// - Parameters:
    ///   - batch: n predictions and what belongs to them.
    ///   - losses: n elements, overwritten with nats.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written; `.valueOutOfDomain` as `loss(_:)`, when what was
    ///   written has no meaning.
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
    func write(
        _ batch: BatchMemory, into losses: UnsafeMutableRawBufferPointer
    ) throws(CrossEntropyError) {
        try unsafe Evaluation(self, batch).write(into: losses)
    }
}

extension BinaryCrossEntropy {
    /// Writes the loss of each element of a batch, weighted but not reduced, into `losses`; 0 where an element does not
    /// count.
    ///
    /// Edge cases as for `loss(_:)`. Accuracy of Float results: within 4 ulp; of Double: 4 ulp, with weights or
    /// smoothing 6, with a focal factor 6 + 2 gamma |ln(1 - p_t)|.
    ///
    /// - Parameters:
    ///   - batch: n predictions and what belongs to them.
    ///   - losses: n elements, overwritten with nats.
    /// - Throws: `CrossEntropyError.countMismatch`, before anything is written.
    @inlinable
    public func writeLosses<P>(
        _ batch: borrowing LossBatch<P>, into losses: inout MutableSpan<P.LossResult>
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBytes { unsafe $0 }
        try unsafe write(batch.memory, into: output)
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

    /// Writes the reduced loss of each row of a batch into `losses`. With the mean this is Keras's loss over the last
    /// axis, before its own reduction.
    ///
    /// - Parameters:
    ///   - batch: rows x columns predictions and what belongs to them.
    ///   - losses: one number a row, overwritten with nats.
    /// - Throws: `CrossEntropyError.countMismatch`, before anything is written.
    @inlinable
    public func writeRowLosses<P, R: LossScalar>(
        _ batch: borrowing LossBatch<P>, into losses: inout MutableSpan<R>
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBufferPointer { unsafe $0 }
        try unsafe writeRows(batch.memory, into: output)
    }

    @usableFromInline
    func write(
        _ batch: BatchMemory, into losses: UnsafeMutableRawBufferPointer
    ) throws(CrossEntropyError) {
        try unsafe Evaluation(self, batch).write(into: losses)
    }

    @usableFromInline
    func writeRows<R: LossScalar>(
        _ batch: BatchMemory, into losses: UnsafeMutableBufferPointer<R>
    ) throws(CrossEntropyError) {
        try unsafe Evaluation(self, batch).writeRowLosses(into: losses)
    }
}

// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// Writes the reduced loss of each row of a batch into `losses`. With the mean reduction, this is Keras's loss over
    /// the last axis, before Keras applies its own reduction.
    ///
    /// Column weights apply to the elements of each row, row weights to the result of the row. The accuracy is that of
    /// `loss(_:)`.
    ///
    /// - Parameters:
    ///   - batch: rows x columns predictions with their targets, weights and mask.
    ///   - losses: one number per row, overwritten with the loss in nats.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written; `.valueOutOfDomain` as for `loss(_:)`,
    ///   in which case the contents of the outputs are meaningless.
    /// - Complexity: O(n). Nothing is allocated per row, and a call on one thread allocates nothing.
    @inlinable
    public func writeRowLosses<P, R: LossScalar>(
        _ batch: borrowing LossBatch<P>, into losses: inout MutableSpan<R>
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBufferPointer { unsafe $0 }
        try unsafe writeRows(batch.memory, into: output, nil, 1)
    }

    /// Writes the reduced loss of each row into `losses`, and the gradient of each row's loss with respect to its own
    /// predictions, times `gradientScale`, into `gradient`: rows x columns elements.
    ///
    /// If no element of a row counts, its mean is NaN and its gradient is 0.
    ///
    /// To continue a chain of derivatives, pass the upstream gradient of each row as its weight
    /// (`LossBatch.weighted(byRow:)`).
    @inlinable
    public func writeRowLosses<P, R: LossScalar>(
        _ batch: borrowing LossBatch<P>, into losses: inout MutableSpan<R>,
        writingGradientInto gradient: inout MutableSpan<P.LossResult>, gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBufferPointer { unsafe $0 }
        let derivatives = unsafe DerivativeBuffers(gradient.withUnsafeMutableBytes { unsafe $0 })
        try unsafe writeRows(batch.memory, into: output, derivatives, gradientScale)
    }

    /// Writes the reduced loss of each column of a batch, that is, of each class over all examples, into `losses`.
    ///
    /// Losses, including the weights of elements, are computed in the result type, Float or Double, and so are sums
    /// over up to 64 rows, unless they are outside the range of that type. The rest is summed in Double. The relative
    /// error is below 1e-6 (Float) or 1e-14 (Double) if all elements are alike, and a tenth of that if they differ.
    /// Results are bitwise identical for any number of threads.
    ///
    /// - Parameters:
    ///   - batch: rows x columns predictions with their targets, weights and mask.
    ///   - losses: one number per column, overwritten with the loss in nats.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written; `.valueOutOfDomain` as for `loss(_:)`,
    ///   in which case the contents of the outputs are meaningless.
    /// - Complexity: O(n). Allocates up to 432 bytes per column (sums of up to 16 pieces of the batch, and of all), and
    ///   32 KiB or one row per piece.
    @inlinable
    public func writeColumnLosses<P, R: LossScalar>(
        _ batch: borrowing LossBatch<P>, into losses: inout MutableSpan<R>
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBufferPointer { unsafe $0 }
        try unsafe writeColumns(batch.memory, into: output, nil, 1)
    }

    /// Writes the reduced loss of each column into `losses`, and the gradient of each column's loss with respect to its
    /// own predictions, times `gradientScale`, into `gradient`: rows x columns elements.
    @inlinable
    public func writeColumnLosses<P, R: LossScalar>(
        _ batch: borrowing LossBatch<P>, into losses: inout MutableSpan<R>,
        writingGradientInto gradient: inout MutableSpan<P.LossResult>, gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBufferPointer { unsafe $0 }
        let derivatives = unsafe DerivativeBuffers(gradient.withUnsafeMutableBytes { unsafe $0 })
        try unsafe writeColumns(batch.memory, into: output, derivatives, gradientScale)
    }

    /// The reduced loss of each row of a batch; see `writeRowLosses(_:into:)`.
    public func rowLosses<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> [Double] {
        try rowLosses(batch.memory)
    }

    /// The reduced loss of each column of a batch; see `writeColumnLosses(_:into:)`.
    public func columnLosses<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> [Double] {
        try columnLosses(batch.memory)
    }

    @usableFromInline
    func rowLosses(_ batch: BatchMemory) throws(CrossEntropyError) -> [Double] {
        var losses = [Double](repeating: 0, count: batch.rows)
        try unsafe losses.withUnsafeMutableBufferPointer { losses throws(CrossEntropyError) in
            try unsafe writeRows(batch, into: losses, nil, 1)
        }
        return losses
    }

    @usableFromInline
    func columnLosses(_ batch: BatchMemory) throws(CrossEntropyError) -> [Double] {
        var losses = [Double](repeating: 0, count: batch.columns)
        try unsafe losses.withUnsafeMutableBufferPointer { losses throws(CrossEntropyError) in
            try unsafe writeColumns(batch, into: losses, nil, 1)
        }
        return losses
    }

    @usableFromInline
    package func writeRows<R: LossScalar>(
        _ batch: BatchMemory, into losses: UnsafeMutableBufferPointer<R>, _ gradient: DerivativeBuffers?,
        _ scale: Double
    ) throws(CrossEntropyError) {
        try evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            try unsafe evaluation.writeRowLosses(into: losses, gradient, scale: scale)
        }
    }

    @usableFromInline
    package func writeColumns<R: LossScalar>(
        _ batch: BatchMemory, into losses: UnsafeMutableBufferPointer<R>, _ gradient: DerivativeBuffers?,
        _ scale: Double
    ) throws(CrossEntropyError) {
        try evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            try unsafe evaluation.writeColumnLosses(into: losses, gradient, scale: scale)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// Writes the reduced loss of each row of a batch into `losses`. With the mean this is Keras's loss over the last
    /// axis, before its own reduction.
    ///
    /// Weights of columns weigh the elements of each row, weights of rows its result. Accuracy as for `loss(_:)`.
    ///
    /// - Parameters:
    ///   - batch: rows x columns predictions and what belongs to them.
    ///   - losses: one number a row, overwritten with nats.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written; `.valueOutOfDomain` as `loss(_:)`, when what was
    ///   written has no meaning.
    /// - Complexity: O(n); nothing is allocated for a row, nor by a call on one thread.
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
    /// Where nothing of a row counts, its mean is NaN and its gradient 0.
    ///
    /// Give the row the gradient that comes from above as its weight (`LossBatch.weighted(byRow:)`) to continue a chain
    /// of derivatives.
    @inlinable
    public func writeRowLosses<P, R: LossScalar>(
        _ batch: borrowing LossBatch<P>, into losses: inout MutableSpan<R>,
        writingGradientInto gradient: inout MutableSpan<P.LossResult>, gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBufferPointer { unsafe $0 }
        let derivatives = unsafe DerivativeBuffers(gradient.withUnsafeMutableBytes { unsafe $0 })
        try unsafe writeRows(batch.memory, into: output, derivatives, gradientScale)
    }

    /// Writes the reduced loss of each column of a batch into `losses`: of each class over all examples.
    ///
    /// Losses, with the weights of elements, are of the type of results, Float or Double, and so are the sums of up to 64
    /// rows, unless that type does not hold them; the rest is added in Double: relative error below 1e-6 (Float) or 1e-14
    /// (Double) where all elements are alike, and a tenth of that over elements that differ. The same bits for any number
    /// of threads.
    ///
    /// - Parameters:
    ///   - batch: rows x columns predictions and what belongs to them.
    ///   - losses: one number a column, overwritten with nats.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written; `.valueOutOfDomain` as `loss(_:)`, when what was
    ///   written has no meaning.
    /// - Complexity: O(n); allocates up to 16 times the room of the columns in Doubles, and 32 KiB or a row a piece.
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
    func writeRows<R: LossScalar>(
        _ batch: BatchMemory, into losses: UnsafeMutableBufferPointer<R>, _ gradient: DerivativeBuffers?,
        _ scale: Double
    ) throws(CrossEntropyError) {
        try unsafe Evaluation(self, batch).writeRowLosses(into: losses, gradient, scale: scale)
    }

    @usableFromInline
    func writeColumns<R: LossScalar>(
        _ batch: BatchMemory, into losses: UnsafeMutableBufferPointer<R>, _ gradient: DerivativeBuffers?,
        _ scale: Double
    ) throws(CrossEntropyError) {
        try unsafe Evaluation(self, batch).writeColumnLosses(into: losses, gradient, scale: scale)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Calls on memory that is owned elsewhere: mapped files, `Data`, tensors. Every pointer must be valid during the call.
/// Outputs must have room for at least as many numbers as there are elements. They must not overlap any input, except
/// that a gradient without a Hessian may be written over logits of its own type.
extension BinaryCrossEntropy {
    /// The reduced loss of logits; see the overload for arrays.
    @unsafe @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil
    ) throws(CrossEntropyError) -> Double {
        unsafe try loss(
            BatchMemory(
                logits: true, logits, targets, columns: columns, weights: weights, rowWeights: rowWeights,
                columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask))
    }

    /// The reduced loss of logits, with its gradient; see the overload for arrays.
    @unsafe @inlinable
    @discardableResult
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil, gradient: UnsafeMutableBufferPointer<P.LossResult>,
        gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        unsafe try lossWritingDerivatives(
            BatchMemory(
                logits: true, logits, targets, columns: columns, weights: weights, rowWeights: rowWeights,
                columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask),
            into: DerivativeBuffers(UnsafeMutableRawBufferPointer(gradient)), gradientScale)
    }

    /// The reduced loss of logits, with its gradient and the diagonal of its Hessian; see the overload for arrays.
    @unsafe @inlinable
    @discardableResult
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil, gradient: UnsafeMutableBufferPointer<P.LossResult>,
        hessianDiagonal: UnsafeMutableBufferPointer<P.LossResult>, gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        let output = unsafe DerivativeBuffers(
            UnsafeMutableRawBufferPointer(gradient), UnsafeMutableRawBufferPointer(hessianDiagonal))
        return unsafe try lossWritingDerivatives(
            BatchMemory(
                logits: true, logits, targets, columns: columns, weights: weights, rowWeights: rowWeights,
                columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask), into: output, gradientScale)
    }

    /// Writes the loss of each element; see `writeLosses(_:into:)`.
    @unsafe @inlinable
    public func losses<P: LossPrediction, T: LossTarget>(
        logits: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil, into output: UnsafeMutableBufferPointer<P.LossResult>
    ) throws(CrossEntropyError) {
        unsafe try write(
            BatchMemory(
                logits: true, logits, targets, columns: columns, weights: weights, rowWeights: rowWeights,
                columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask),
            into: UnsafeMutableRawBufferPointer(output))
    }

    /// Writes the gradient of the reduced loss; see `writeGradient(_:into:gradientScale:)`.
    @unsafe @inlinable
    public func gradient<P: LossPrediction, T: LossTarget>(
        logits: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil, into output: UnsafeMutableBufferPointer<P.LossResult>,
        gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        unsafe try writeDerivatives(
            BatchMemory(
                logits: true, logits, targets, columns: columns, weights: weights, rowWeights: rowWeights,
                columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask),
            into: DerivativeBuffers(UnsafeMutableRawBufferPointer(output)), gradientScale)
    }

    /// The reduced loss of probabilities; see the overload for arrays.
    @unsafe @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil
    ) throws(CrossEntropyError) -> Double {
        unsafe try loss(
            BatchMemory(
                logits: false, probabilities, targets, columns: columns, weights: weights,
                rowWeights: rowWeights, columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask))
    }

    /// The reduced loss of probabilities, with its gradient; see the overload for arrays.
    @unsafe @inlinable
    @discardableResult
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil, gradient: UnsafeMutableBufferPointer<P.LossResult>,
        gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        unsafe try lossWritingDerivatives(
            BatchMemory(
                logits: false, probabilities, targets, columns: columns, weights: weights,
                rowWeights: rowWeights, columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask),
            into: DerivativeBuffers(UnsafeMutableRawBufferPointer(gradient)), gradientScale)
    }

    /// Writes the loss of each element; see `writeLosses(_:into:)`.
    @unsafe @inlinable
    public func losses<P: LossPrediction, T: LossTarget>(
        probabilities: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil, into output: UnsafeMutableBufferPointer<P.LossResult>
    ) throws(CrossEntropyError) {
        unsafe try write(
            BatchMemory(
                logits: false, probabilities, targets, columns: columns, weights: weights,
                rowWeights: rowWeights, columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask),
            into: UnsafeMutableRawBufferPointer(output))
    }

    /// Writes the gradient of the reduced loss; see `writeGradient(_:into:gradientScale:)`.
    @unsafe @inlinable
    public func gradient<P: LossPrediction, T: LossTarget>(
        probabilities: UnsafeBufferPointer<P>, targets: UnsafeBufferPointer<T>, columns: Int? = nil,
        weights: UnsafeBufferPointer<P.LossResult>? = nil,
        rowWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        columnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        positiveColumnWeights: UnsafeBufferPointer<P.LossResult>? = nil,
        mask: UnsafeBufferPointer<Bool>? = nil, into output: UnsafeMutableBufferPointer<P.LossResult>,
        gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        unsafe try writeDerivatives(
            BatchMemory(
                logits: false, probabilities, targets, columns: columns, weights: weights,
                rowWeights: rowWeights, columnWeights: columnWeights, positiveWeights: positiveWeights,
                positiveColumnWeights: positiveColumnWeights, mask: mask),
            into: DerivativeBuffers(UnsafeMutableRawBufferPointer(output)), gradientScale)
    }
}

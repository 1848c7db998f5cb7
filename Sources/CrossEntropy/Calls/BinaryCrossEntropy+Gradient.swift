// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// Writes the gradient of the reduced loss with respect to the predictions of a batch into `gradient`.
    ///
    ///     logits         d loss / d x = (B s(x) - A s(-x)) / divisor,   s(x) = 1 / (1 + e^-x)
    ///     probabilities  d loss / d p = (-A / p + B / (1 - p)) / divisor, near 0 and 1 as `probabilityGradient` says
    ///
    /// with A = w positiveWeight y and B = w (1 - y). For the plain loss of logits, the numerator is s(x) - t. The
    /// divisor is that of the reduction: the number of elements that count, the sum of the weights, or 1.
    ///
    /// If a 0/1 target agrees with its logit, the gradient is about e^-|x| and keeps its relative accuracy down to the
    /// subnormal numbers. Infinite logits give 0, B or -A. NaN gives NaN in the same element; elements that do not
    /// count give 0.
    ///
    /// Accuracy for 0/1 targets: within 4 ulp for logits, and within 5 for probabilities (4.30 for probability 0.46834454
    /// and target 0). With weights or smoothing: within 8 ulp (7.11 in Double for logit 43.18141944397142, target 0, two
    /// weights and smoothing 1e-9, without fused instructions). With a focal factor: within 8 + 2 gamma
    /// (1 + |ln(1 - p_t)|) ulp.
    ///
    /// - Parameters:
    ///   - batch: n predictions with their targets, weights and mask.
    ///   - gradient: n elements, overwritten.
    ///   - gradientScale: a factor that multiplies the result, for example the upstream gradient.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written; `.valueOutOfDomain` as for `loss(_:)`,
    ///   in which case the contents of the output are meaningless.
    /// - Complexity: O(n). A call on one thread allocates nothing.
    @inlinable
    public func writeGradient<P>(
        _ batch: borrowing LossBatch<P>, into gradient: inout MutableSpan<P.LossResult>,
        gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        let output = unsafe DerivativeBuffers(gradient.withUnsafeMutableBytes { unsafe $0 })
        try unsafe writeDerivatives(batch, into: output, gradientScale)
    }

    /// The reduced loss of a batch. Its gradient is written into `gradient` in the same pass.
    ///
    /// The loss is that of `loss(_:)`, and the gradient that of `writeGradient(_:into:gradientScale:)`. They are
    /// bitwise identical for the plain loss if predictions and targets are both Floats or both Doubles; otherwise they
    /// agree to within the accuracy of both. `gradientScale` multiplies only the gradient.
    @inlinable
    public func loss<P>(
        _ batch: borrowing LossBatch<P>, writingGradientInto gradient: inout MutableSpan<P.LossResult>,
        gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        let output = unsafe DerivativeBuffers(gradient.withUnsafeMutableBytes { unsafe $0 })
        return try unsafe lossWritingDerivatives(batch, into: output, gradientScale)
    }

    /// The reduced loss of a batch of logits. Its gradient and the diagonal of its Hessian, which has no other nonzero
    /// elements, are written in the same pass. They are used in Newton steps and gradient boosting.
    ///
    ///     d^2 loss / d x^2 = (A + B) s(x) s(-x) / divisor
    ///
    /// Both derivatives are multiplied by `gradientScale`. Accuracy of the Hessian: within 6 ulp, 8 ulp with weights or
    /// smoothing, and 1.5 times the bound of the gradient with a focal factor.
    ///
    /// - Throws: as for `writeGradient(_:into:gradientScale:)`, and `CrossEntropyError.hessianOfProbabilities`.
    @inlinable
    public func loss<P>(
        _ batch: borrowing LossBatch<P>, writingGradientInto gradient: inout MutableSpan<P.LossResult>,
        hessianDiagonal hessian: inout MutableSpan<P.LossResult>, gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        let output = unsafe DerivativeBuffers(
            gradient.withUnsafeMutableBytes { unsafe $0 }, hessian.withUnsafeMutableBytes { unsafe $0 })
        return try unsafe lossWritingDerivatives(batch, into: output, gradientScale)
    }

    /// The gradient of the reduced loss of a batch; see `writeGradient(_:into:gradientScale:)`.
    public func gradient<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> [P.LossResult] {
        var gradient = [P.LossResult](repeating: 0, count: batch.count)
        var span = gradient.mutableSpan
        try writeGradient(batch, into: &span)
        return gradient
    }

    /// Writes the gradient of the reduced loss with respect to logits into `gradient`; see
    /// `writeGradient(_:into:gradientScale:)`.
    @inlinable
    public func writeGradient<P: LossPrediction, T: LossTarget>(
        logits: Span<P>, targets: Span<T>, into gradient: inout MutableSpan<P.LossResult>,
        gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        try writeGradient(
            LossBatch(logits: logits, targets: targets), into: &gradient, gradientScale: gradientScale)
    }

    /// The reduced loss of logits, with its gradient from the same pass; see
    /// `loss(_:writingGradientInto:gradientScale:)`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: Span<P>, targets: Span<T>, writingGradientInto gradient: inout MutableSpan<P.LossResult>,
        gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        try loss(
            LossBatch(logits: logits, targets: targets), writingGradientInto: &gradient,
            gradientScale: gradientScale)
    }

    /// Overwrites logits with the gradient with respect to them; see `writeGradient(_:into:gradientScale:)`.
    @inlinable
    public func writeGradient<S: LossScalar, T: LossTarget>(
        overLogits logits: inout MutableSpan<S>, targets: Span<T>, gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        let output = unsafe DerivativeBuffers(logits.withUnsafeMutableBytes { unsafe $0 })
        let batch = try unsafe BatchMemory(
            logits: true, Memory(overwriting: output, S.self), Memory(targets: targets), columns: nil)
        try unsafe writeDerivatives(batch, into: output, gradientScale)
    }

    /// The reduced loss of logits, which are overwritten with the gradient; see
    /// `loss(_:writingGradientInto:gradientScale:)`.
    @inlinable
    public func loss<S: LossScalar, T: LossTarget>(
        writingGradientOverLogits logits: inout MutableSpan<S>, targets: Span<T>, gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        let output = unsafe DerivativeBuffers(logits.withUnsafeMutableBytes { unsafe $0 })
        let batch = try unsafe BatchMemory(
            logits: true, Memory(overwriting: output, S.self), Memory(targets: targets), columns: nil)
        return try unsafe lossWritingDerivatives(batch, into: output, gradientScale)
    }

    @usableFromInline
    package func writeDerivatives(
        _ batch: BatchMemory, into buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) {
        try unsafe write(batch, into: buffers, scale)
    }

    /// The same for a `LossBatch`. Passing its memory to the function above would copy it.
    @usableFromInline
    func writeDerivatives<P>(
        _ batch: borrowing LossBatch<P>, into buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) {
        try unsafe write(batch.memory, into: buffers, scale)
    }

    @inline(always)
    private func write(
        _ batch: BatchMemory, into buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) {
        let sums = try unsafe sumsOfTile(batch, writing: buffers, scale, wantsLoss: false)
        if let sums, !sums.mayBeOutside { return }
        try evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            guard sums == nil else { return try evaluation.refuse(if: true) }
            try unsafe evaluation.writeDerivatives(into: buffers, scale: scale)
        }
    }

    @usableFromInline
    package func lossWritingDerivatives(
        _ batch: BatchMemory, into buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) -> Double {
        try unsafe loss(batch, writing: buffers, scale)
    }

    /// The same for a `LossBatch`. Passing its memory to the function above would copy it.
    @usableFromInline
    func lossWritingDerivatives<P>(
        _ batch: borrowing LossBatch<P>, into buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) -> Double {
        try unsafe loss(batch.memory, writing: buffers, scale)
    }

    @inline(always)
    private func loss(
        _ batch: BatchMemory, writing buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) -> Double {
        let sums = try unsafe sumsOfTile(batch, writing: buffers, scale, wantsLoss: true)
        if let sums, !sums.mayBeOutside { return sums.reduced(reduction) }
        return try evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            guard let sums else {
                return try unsafe evaluation.reducedWritingDerivatives(into: buffers, scale: scale)
            }
            try evaluation.refuse(if: true)
            return sums.reduced(reduction)
        }
    }
}

extension Memory {
    /// The contents of a gradient buffer before the gradient is written.
    @usableFromInline
    init<S: LossScalar>(overwriting buffers: DerivativeBuffers, _: S.Type) {
        unsafe self.init(
            UnsafeRawPointer(buffers.gradient.baseAddress), S.predictionStorage,
            count: buffers.gradient.count / MemoryLayout<S>.stride)
    }
}

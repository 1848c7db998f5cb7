// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension BinaryCrossEntropy {
    /// The reduced loss of a batch: what every other form of `loss` comes to.
    ///
    /// From logits: sum or mean of A ln(1 + e^-x) + B ln(1 + e^x), A = w positiveWeight y and B = w (1 - y), which never
    /// goes through p: a logit of 100 loses nothing. From probabilities: of -(A ln p + B ln(1 - p)), with `clipping`.
    ///
    /// Infinite logits cost 0 where they agree with a 0/1 target and infinity elsewhere. A NaN in an element that counts gives
    /// NaN. The mean of nothing (no elements, none that counts, weights that add up to 0) is NaN, its sum 0.
    ///
    /// Accuracy: relative error below 1e-7 for Float predictions (taken as exact), 1e-14 for Double, for losses of one
    /// sign. Where all elements are alike, or very few, so that no rounding averages out, it is 2e-7 for Float, 3e-7 with
    /// weights or smoothing, and with a focal factor 1.5e-7 gamma more, or where that is not whole, (1 + 2 |ln(1 - p_t)|) 1e-7
    /// on top of that. The same bits for any number of threads, and weights of one change none.
    ///
    /// - Returns: the loss in nats.
    /// - Throws: `CrossEntropyError.valueOutOfDomain` for a target outside [0, 1], or a probability that `clipping` does not move
    ///   there, of an element that counts, unless `domainChecks` is `.unchecked`; `.unavailableInstructionSet` if
    ///   `CROSS_ENTROPY_ISA` asks for what is not there.
    /// - Complexity: O(n). One exponential an element from logits, none from probabilities with 0/1 targets, a
    ///   logarithm from probabilities with others; with weights or a focal factor more. A call on one thread allocates nothing.
    public func loss<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> Double {
        try loss(batch.memory)
    }

    /// The reduced loss of logits; see `loss(_:)`.
    ///
    /// - Parameters:
    ///   - logits: n real numbers.
    ///   - targets: n numbers in [0, 1], of the logits' type or another floating-point type, Bool or UInt8.
    /// - Throws: `CrossEntropyError.countMismatch`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: Span<P>, targets: Span<T>
    ) throws(CrossEntropyError) -> Double {
        unsafe try loss(logits: true, Memory(logits), Memory(targets: targets))
    }

    /// The reduced loss of probabilities; see `loss(_:)`.
    ///
    /// - Parameters:
    ///   - probabilities: n numbers in [0, 1].
    ///   - targets: n numbers in [0, 1], of the probabilities' type or another floating-point type, Bool or UInt8.
    /// - Throws: `CrossEntropyError.countMismatch`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: Span<P>, targets: Span<T>
    ) throws(CrossEntropyError) -> Double {
        unsafe try loss(logits: false, Memory(probabilities), Memory(targets: targets))
    }

    /// The reduced loss of logits in arrays, by the shortest way; see `loss(_:)`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T]
    ) throws(CrossEntropyError) -> Double {
        try loss(logits: logits.span, targets: targets.span)
    }

    /// The reduced loss of probabilities in arrays, by the shortest way; see `loss(_:)`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T]
    ) throws(CrossEntropyError) -> Double {
        try loss(probabilities: probabilities.span, targets: targets.span)
    }

    @usableFromInline
    func loss(_ batch: BatchMemory) throws(CrossEntropyError) -> Double {
        guard batch.isBare, hasNoOptions, batch.domain == .logits || clipping == .unclipped,
            (1...Schedule.tile(batch.result)).contains(batch.count)
        else { return try Evaluation(self, batch).reduced() }
        if let loss = try loss(batch.domain, batch.slice(0..<batch.count)) { return loss }
        return try Evaluation(self, batch).reduced()
    }

    /// A call on sixteen elements is nearly all overhead: without options, the losses of one tile need no batch and no
    /// `Evaluation`, which take longer to set up than the kernel to run.
    @usableFromInline
    func loss(
        logits: Bool, _ predictions: Memory, _ targets: Memory
    ) throws(CrossEntropyError) -> Double {
        let count = unsafe predictions.count
        let column = unsafe predictions.column
        if hasNoOptions, logits || clipping == .unclipped, count > 0,
            count <= Schedule.tile(column.dtype.result), unsafe targets.count == count
        {
            let slice = unsafe BatchSlice(predictions: column, targets: targets.column, count: count)
            if let loss = try loss(logits ? .logits : .probabilities, slice) { return loss }
        }
        return try unsafe Evaluation(
            self, BatchMemory(logits: logits, predictions, targets, columns: nil)
        ).reduced()
    }

    /// Nil where an element is outside its domain.
    private func loss(_ domain: PredictionDomain, _ slice: BatchSlice) throws(CrossEntropyError) -> Double? {
        let (sum, isOutside) = slice.plainSum(domain, try kernelLevel)
        guard !isOutside || domainChecks == .unchecked else { return nil }
        return reduction == .sum ? sum.value : sum / ScaledDouble(Double(slice.count))
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension BinaryCrossEntropy {
    /// The reduced loss of a batch. Every other overload of `loss` computes the same.
    ///
    /// From logits: the sum or mean of A ln(1 + e^-x) + B ln(1 + e^x), with A = w positiveWeight y and B = w (1 - y).
    /// It is computed without going through p, so a logit of 100 loses no accuracy. From probabilities: the sum or mean
    /// of -(A ln p + B ln(1 - p)), with `clipping`.
    ///
    /// The loss of an infinite logit is 0 if it agrees with a 0/1 target, and infinity otherwise. A NaN in an element
    /// that counts gives NaN. If nothing contributes (no elements, none that counts, or weights that are all 0 in a
    /// weighted mean), the mean is NaN and the sum is 0. A weighted mean whose weights of both signs add up to 0 is
    /// infinite, or NaN if the weighted losses do too.
    ///
    /// Accuracy, for losses of one sign: the relative error is below 1e-7 for Float predictions (taken as exact) and
    /// 1e-14 for Double. If all elements are alike, or there are fewer than 64, rounding errors do not average out. For
    /// Float the bound is then 2e-7 (the error of one logit 20.000002 with target 0.49999991 is 1.07e-7), or 3e-7 with
    /// weights, smoothing or a focal factor, which adds 1.6e-7 gamma and, unless gamma is a multiple of one half and at most
    /// 8.5, a further (1 + 2 |ln(1 - p_t)|) 1e-7. Results are bitwise identical for any number of threads, and weights of 1
    /// do not change them.
    ///
    /// - Returns: the loss in nats.
    /// - Throws: `CrossEntropyError.valueOutOfDomain` if an element that counts has a target outside [0, 1], or a
    ///   probability outside [0, 1] that `clipping` does not move into that range, unless `domainChecks` is
    ///   `.unchecked`; `.unavailableInstructionSet` if `CROSS_ENTROPY_ISA` requests an instruction set that is not
    ///   available.
    /// - Complexity: O(n). One exponential per element for logits, none for probabilities with 0/1 targets, one
    ///   logarithm per element for probabilities with other targets; more with weights or a focal factor. A call on one
    ///   thread allocates nothing.
    public func loss<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> Double {
        // Not `loss(batch.memory)`, which would first copy the memory: 184 bytes whose fields have only just been stored,
        // so that the copy would have to wait for them.
        if let loss = try lossOfTile(batch.memory) { return loss }
        return try reduced(batch)
    }

    @inline(never)
    private func reduced<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> Double {
        try reduced(batch.memory)
    }

    /// The reduced loss of logits; see `loss(_:)`.
    ///
    /// - Parameters:
    ///   - logits: n real numbers.
    ///   - targets: n numbers in [0, 1], of the logits' type or another floating-point type, Bool or any integer type.
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
    ///   - targets: n numbers in [0, 1], of the probabilities' type or another floating-point type, Bool or any integer
    ///     type.
    /// - Throws: `CrossEntropyError.countMismatch`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: Span<P>, targets: Span<T>
    ) throws(CrossEntropyError) -> Double {
        unsafe try loss(logits: false, Memory(probabilities), Memory(targets: targets))
    }

    /// The reduced loss of logits in arrays, with the least overhead; see `loss(_:)`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T]
    ) throws(CrossEntropyError) -> Double {
        try loss(logits: logits.span, targets: targets.span)
    }

    /// The reduced loss of probabilities in arrays, with the least overhead; see `loss(_:)`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T]
    ) throws(CrossEntropyError) -> Double {
        try loss(probabilities: probabilities.span, targets: targets.span)
    }

    @usableFromInline
    package func loss(_ batch: BatchMemory) throws(CrossEntropyError) -> Double {
        if let loss = try lossOfTile(batch) { return loss }
        return try reduced(batch)
    }

    /// Without options and weights, the losses of one tile do not even need a batch.
    @usableFromInline
    package func loss(
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
        return try unsafe reduced(BatchMemory(logits: logits, predictions, targets, columns: nil))
    }

    /// Not inlined: the exact sums of several tiles take 2 KiB of the stack, which calls on one tile do not need.
    @inline(never)
    private func reduced(_ batch: BatchMemory) throws(CrossEntropyError) -> Double {
        try evaluate(batch) { (evaluation) throws(CrossEntropyError) in try evaluation.reduced() }
    }

    /// Nil if an element is outside its domain, unless domains are not checked.
    func loss(_ domain: PredictionDomain, _ slice: BatchSlice) throws(CrossEntropyError) -> Double? {
        let (sum, mayBeOutside) = slice.plainSum(domain, try kernelLevel)
        guard !mayBeOutside || domainChecks == .unchecked else { return nil }
        return reduction == .sum ? sum.value : sum / ScaledDouble(Double(slice.count))
    }
}

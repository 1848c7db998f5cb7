internal import KernelLevels

extension BinaryCrossEntropy {
    /// The reduced loss of a batch: what every other form of `loss` comes to.
    ///
    /// From logits: sum or mean of A ln(1 + e^-x) + B ln(1 + e^x), A = w positiveWeight y and B = w (1 - y), which never
    /// goes through p: a logit of 100 loses nothing. From probabilities: of -(A ln p + B ln(1 - p)), with `clipping`.
    ///
    /// Infinite logits cost 0 where they agree with a 0/1 target and infinity elsewhere. A probability outside [0, 1]
    /// gives NaN, unless `clipping` moves it inside; `check(probabilities:)` finds it. A NaN in an element that counts
    /// gives NaN. The mean of nothing (no elements, none that counts, weights that add up to 0) is NaN, its sum 0.
    ///
    /// Accuracy: relative error below 1e-7 for Float predictions (taken as exact), 1e-14 for Double, for losses of one
    /// sign; with weights and no other option 2e-7 for Float, where all elements are alike. The same bits for any number
    /// of threads, and weights of one change none.
    ///
    /// - Returns: the loss in nats.
    /// - Throws: `CrossEntropyError.unavailableInstructionSet` if `CROSS_ENTROPY_ISA` asks for what is not there.
    /// - Complexity: O(n). One exponential an element from logits, none from probabilities with 0/1 targets; with
    ///   weights, smoothing or a focal factor logarithms too. A call on one thread allocates nothing.
    public func loss<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> Double {
        if let sum = try plainSumOfOneTile(batch.memory) {
            return reduction == .sum ? sum : sum / Double(batch.count)
        }
        return try Evaluation(self, batch.memory).reduced()
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
        try loss(LossBatch(logits: logits, targets: targets))
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
        try loss(LossBatch(probabilities: probabilities, targets: targets))
    }

    /// The sum of the losses of a few elements without options, or nil for all else. A call on sixteen elements is
    /// nearly all overhead: preparing an `Evaluation` would be half of its 100 ns.
    private func plainSumOfOneTile(_ batch: BatchMemory) throws(CrossEntropyError) -> Double? {
        guard hasNoOptions, batch.domain == .logits || clipping == .none, batch.hasPredictionsAndTargetsOnly,
            batch.count > 0, batch.count <= TilePlan.tile(batch.result)
        else { return nil }
        let level = if let level { level } else { try KernelLevel.current() }
        return LossTile(predictions: batch.predictions, targets: batch.targets, count: batch.count)
            .sum(batch.domain == .logits ? .plainLogits : .plainProbabilities, level)
    }
}

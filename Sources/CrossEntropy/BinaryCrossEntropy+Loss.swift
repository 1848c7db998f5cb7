extension BinaryCrossEntropy {
    /// The reduced loss of logits.
    ///
    /// Sum or mean of max(x, 0) - t x + ln(1 + e^-|x|), which is the formula with p = 1 / (1 + e^-x) but never goes
    /// through p: a logit of 100 loses nothing.
    ///
    /// Infinite logits cost 0 where they agree with a 0/1 target and infinity elsewhere. A NaN anywhere gives NaN.
    /// The mean of nothing is NaN, its sum 0.
    ///
    /// Accuracy: relative error below 1e-7 for Float logits (taken as exact), 1e-14 for Double.
    ///
    /// - Parameters:
    ///   - logits: n real numbers.
    ///   - targets: n numbers in [0, 1], of the logits' type or another floating-point type, Bool or UInt8.
    /// - Returns: the loss in nats.
    /// - Throws: `CrossEntropyError.countMismatch`.
    /// - Complexity: O(n); a call on one thread allocates nothing.
    @inlinable
    public func loss<S: LossScalar, T: LossTarget>(
        logits: Span<S>, targets: Span<T>
    ) throws(CrossEntropyError) -> Double {
        try unsafe withArguments(logits, targets) { arguments throws(CrossEntropyError) in
            try unsafe loss(ofLogits: arguments)
        }
    }

    /// The reduced loss of probabilities.
    ///
    /// Sum or mean of -(t ln p + (1 - t) ln(1 - p)), 0 ln 0 = 0, with `clipping`. With 0/1 targets no logarithm is
    /// taken for an element, only for products of them.
    ///
    /// A probability outside [0, 1] gives NaN, unless `clipping` is `clipped`, which moves it inside. A NaN anywhere
    /// gives NaN. The mean of nothing is NaN, its sum 0. `check(probabilities:)` finds the element.
    ///
    /// Accuracy: relative error below 1e-7 for Float (taken as exact), 1e-14 for Double.
    ///
    /// - Parameters:
    ///   - probabilities: n numbers in [0, 1].
    ///   - targets: n numbers in [0, 1], of the probabilities' type or another floating-point type, Bool or UInt8.
    /// - Returns: the loss in nats.
    /// - Throws: `CrossEntropyError.countMismatch`.
    /// - Complexity: O(n); a call on one thread allocates nothing.
    @inlinable
    public func loss<S: LossScalar, T: LossTarget>(
        probabilities: Span<S>, targets: Span<T>
    ) throws(CrossEntropyError) -> Double {
        try unsafe withArguments(probabilities, targets) { arguments throws(CrossEntropyError) in
            try unsafe loss(ofProbabilities: arguments)
        }
    }

    /// Writes the loss of each logit, not reduced, into `losses`.
    ///
    /// Edge cases as for `loss(logits:targets:)`. Accuracy: within 4 ulp of the element type.
    ///
    /// - Parameters:
    ///   - logits: n real numbers.
    ///   - targets: n numbers in [0, 1].
    ///   - losses: n elements, overwritten with nats.
    /// - Throws: `CrossEntropyError.countMismatch`, before anything is written.
    @inlinable
    public func writeLosses<S: LossScalar, T: LossTarget>(
        logits: Span<S>, targets: Span<T>, into losses: inout MutableSpan<S>
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBytes { unsafe $0 }
        try unsafe withArguments(logits, targets) { arguments throws(CrossEntropyError) in
            try unsafe writeLosses(ofLogits: arguments, into: output)
        }
    }

    /// Writes the loss of each probability, not reduced, into `losses`.
    ///
    /// Edge cases as for `loss(probabilities:targets:)`. Accuracy: within 4 ulp of the element type.
    ///
    /// - Parameters:
    ///   - probabilities: n numbers in [0, 1].
    ///   - targets: n numbers in [0, 1].
    ///   - losses: n elements, overwritten with nats.
    /// - Throws: `CrossEntropyError.countMismatch`, before anything is written.
    @inlinable
    public func writeLosses<S: LossScalar, T: LossTarget>(
        probabilities: Span<S>, targets: Span<T>, into losses: inout MutableSpan<S>
    ) throws(CrossEntropyError) {
        let output = unsafe losses.withUnsafeMutableBytes { unsafe $0 }
        try unsafe withArguments(probabilities, targets) { arguments throws(CrossEntropyError) in
            try unsafe writeLosses(ofProbabilities: arguments, into: output)
        }
    }

    @usableFromInline
    func loss(ofLogits arguments: Arguments) throws(CrossEntropyError) -> Double {
        try unsafe Evaluation(self, .logits).reduced(arguments)
    }

    @usableFromInline
    func loss(ofProbabilities arguments: Arguments) throws(CrossEntropyError) -> Double {
        try unsafe Evaluation(self, .probabilities).reduced(arguments)
    }

    @usableFromInline
    func writeLosses(
        ofLogits arguments: Arguments, into losses: UnsafeMutableRawBufferPointer
    ) throws(CrossEntropyError) {
        try unsafe Evaluation(self, .logits).write(arguments, into: losses)
    }

    @usableFromInline
    func writeLosses(
        ofProbabilities arguments: Arguments, into losses: UnsafeMutableRawBufferPointer
    ) throws(CrossEntropyError) {
        try unsafe Evaluation(self, .probabilities).write(arguments, into: losses)
    }
}

extension BinaryCrossEntropy {
    /// The reduced loss of logits in an array; see the form that takes spans.
    @inlinable
    public func loss<S: LossScalar, T: LossTarget>(
        logits: [S], targets: [T]
    ) throws(CrossEntropyError) -> Double {
        try loss(logits: logits.span, targets: targets.span)
    }

    /// The reduced loss of probabilities in an array; see the form that takes spans.
    @inlinable
    public func loss<S: LossScalar, T: LossTarget>(
        probabilities: [S], targets: [T]
    ) throws(CrossEntropyError) -> Double {
        try loss(probabilities: probabilities.span, targets: targets.span)
    }

    /// The loss of each logit, in nats.
    @inlinable
    public func losses<S: LossScalar, T: LossTarget>(
        logits: [S], targets: [T]
    ) throws(CrossEntropyError) -> [S] {
        var losses = [S](repeating: 0, count: logits.count)
        var span = losses.mutableSpan
        try writeLosses(logits: logits.span, targets: targets.span, into: &span)
        return losses
    }

    /// The loss of each probability, in nats.
    @inlinable
    public func losses<S: LossScalar, T: LossTarget>(
        probabilities: [S], targets: [T]
    ) throws(CrossEntropyError) -> [S] {
        var losses = [S](repeating: 0, count: probabilities.count)
        var span = losses.mutableSpan
        try writeLosses(probabilities: probabilities.span, targets: targets.span, into: &span)
        return losses
    }
}

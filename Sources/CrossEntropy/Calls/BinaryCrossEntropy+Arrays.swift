// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// The reduced loss of logits in an array; see `loss(_:)`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T]
    ) throws(CrossEntropyError) -> Double {
        try loss(logits: logits.span, targets: targets.span)
    }

    /// The reduced loss of probabilities in an array; see `loss(_:)`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T]
    ) throws(CrossEntropyError) -> Double {
        try loss(probabilities: probabilities.span, targets: targets.span)
    }

    /// The reduced loss of logits in an array, each with a weight.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget, W: LossScalar>(
        logits: [P], targets: [T], weights: [W]
    ) throws(CrossEntropyError) -> Double {
        try loss(LossBatch(logits: logits.span, targets: targets.span).weighted(byElement: weights.span))
    }

    /// The reduced loss of probabilities in an array, each with a weight.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget, W: LossScalar>(
        probabilities: [P], targets: [T], weights: [W]
    ) throws(CrossEntropyError) -> Double {
        try loss(
            LossBatch(probabilities: probabilities.span, targets: targets.span)
                .weighted(byElement: weights.span))
    }

    /// The loss of each element of a batch, in nats; see `writeLosses(_:into:)`.
    @inlinable
    public func losses<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> [P.LossResult] {
        var losses = [P.LossResult](repeating: 0, count: batch.count)
        var span = losses.mutableSpan
        try writeLosses(batch, into: &span)
        return losses
    }

    /// The loss of each logit, in nats.
    @inlinable
    public func losses<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T]
    ) throws(CrossEntropyError) -> [P.LossResult] {
        try losses(LossBatch(logits: logits.span, targets: targets.span))
    }

    /// The loss of each probability, in nats.
    @inlinable
    public func losses<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T]
    ) throws(CrossEntropyError) -> [P.LossResult] {
        try losses(LossBatch(probabilities: probabilities.span, targets: targets.span))
    }

    /// The gradient of the reduced loss of a batch; see `writeGradient(_:into:gradientScale:)`.
    @inlinable
    public func gradient<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> [P.LossResult] {
        var gradient = [P.LossResult](repeating: 0, count: batch.count)
        var span = gradient.mutableSpan
        try writeGradient(batch, into: &span)
        return gradient
    }

    /// The gradient of the reduced loss with respect to logits.
    @inlinable
    public func gradient<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T]
    ) throws(CrossEntropyError) -> [P.LossResult] {
        try gradient(LossBatch(logits: logits.span, targets: targets.span))
    }

    /// The gradient of the reduced loss with respect to probabilities.
    @inlinable
    public func gradient<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T]
    ) throws(CrossEntropyError) -> [P.LossResult] {
        try gradient(LossBatch(probabilities: probabilities.span, targets: targets.span))
    }

    /// The reduced loss of each row of a batch; see `writeRowLosses(_:into:)`.
    @inlinable
    public func rowLosses<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> [Double] {
        var losses = [Double](repeating: 0, count: batch.rows)
        var span = losses.mutableSpan
        try writeRowLosses(batch, into: &span)
        return losses
    }

    /// The reduced loss of each column of a batch; see `writeColumnLosses(_:into:)`.
    @inlinable
    public func columnLosses<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> [Double] {
        var losses = [Double](repeating: 0, count: batch.columns)
        var span = losses.mutableSpan
        try writeColumnLosses(batch, into: &span)
        return losses
    }
}

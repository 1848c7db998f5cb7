// SPDX-License-Identifier: Apache-2.0

extension NaiveBinaryCrossEntropy {
    /// The sum of the losses of probabilities, in nats.
    public func loss<S: NaiveScalar>(probabilities: [S], targets: [S]) -> Double {
        loss(probabilities: probabilities.span, targets: targets.span)
    }

    /// The sum of the losses of logits, in nats.
    public func loss<S: NaiveScalar>(logits: [S], targets: [S]) -> Double {
        loss(logits: logits.span, targets: targets.span)
    }

    /// The loss of each probability, in nats.
    public func losses<S: NaiveScalar>(probabilities: [S], targets: [S]) -> [S] {
        var losses = [S](repeating: 0, count: probabilities.count)
        var span = losses.mutableSpan
        writeLosses(probabilities: probabilities.span, targets: targets.span, into: &span)
        return losses
    }

    /// The loss of each logit, in nats.
    public func losses<S: NaiveScalar>(logits: [S], targets: [S]) -> [S] {
        var losses = [S](repeating: 0, count: logits.count)
        var span = losses.mutableSpan
        writeLosses(logits: logits.span, targets: targets.span, into: &span)
        return losses
    }
}

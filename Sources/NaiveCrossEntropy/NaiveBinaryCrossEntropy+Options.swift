// SPDX-License-Identifier: Apache-2.0

extension NaiveBinaryCrossEntropy {
    /// The weighted sum of the losses of logits.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(logits: Span<S>, targets: Span<S>, weights: Span<S>) -> Double {
        var sum = 0.0
        for i in logits.indices {
            sum += Double(weights[i] * loss(logit: logits[i], target: targets[i]))
        }
        return sum
    }

    /// The sum of the losses of logits with targets t (1 - s) + s / 2.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(logits: Span<S>, targets: Span<S>, smoothing s: S) -> Double {
        var sum = 0.0
        for i in logits.indices {
            sum += Double(loss(logit: logits[i], target: targets[i] * (1 - s) + s / 2))
        }
        return sum
    }

    /// The sum of the losses of probabilities with targets t (1 - s) + s / 2.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(probabilities: Span<S>, targets: Span<S>, smoothing s: S) -> Double {
        var sum = 0.0
        for i in probabilities.indices {
            sum += Double(loss(probability: probabilities[i], target: targets[i] * (1 - s) + s / 2))
        }
        return sum
    }

    /// The sum of the focal losses of logits with 0/1 targets: alpha_t (1 - p_t)^gamma times the loss.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func focalLoss<S: NaiveScalar>(
        logits: Span<S>, targets: Span<S>, gamma: S, alpha: S
    ) -> Double {
        var sum = 0.0
        for i in logits.indices {
            let (p, t) = (sigmoid(logits[i]), targets[i])
            let miss = t * (1 - p) + (1 - t) * p
            let balance = t * alpha + (1 - t) * (1 - alpha)
            sum += Double(balance * S.power(miss, gamma) * loss(logit: logits[i], target: t))
        }
        return sum
    }
}

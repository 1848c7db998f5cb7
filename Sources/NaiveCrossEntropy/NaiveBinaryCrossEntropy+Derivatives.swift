// SPDX-License-Identifier: Apache-2.0

extension NaiveBinaryCrossEntropy {
    /// Writes the gradient of each loss with respect to its logit: 1 / (1 + e^-x) - t.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func writeGradient<S: NaiveScalar>(
        logits: Span<S>, targets: Span<S>, into gradient: inout MutableSpan<S>
    ) {
        for i in logits.indices { gradient[i] = sigmoid(logits[i]) - targets[i] }
    }

    /// Writes the gradient of each loss with respect to its probability: (p - t) / (p (1 - p)).
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func writeGradient<S: NaiveScalar>(
        probabilities: Span<S>, targets: Span<S>, into gradient: inout MutableSpan<S>
    ) {
        for i in probabilities.indices {
            let p = probabilities[i]
            gradient[i] = (p - targets[i]) / (p * (1 - p))
        }
    }

    /// The sum of the losses of logits, and their gradient.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(
        logits: Span<S>, targets: Span<S>, writingGradientInto gradient: inout MutableSpan<S>
    ) -> Double {
        var sum = 0.0
        for i in logits.indices {
            sum += Double(loss(logit: logits[i], target: targets[i]))
            gradient[i] = sigmoid(logits[i]) - targets[i]
        }
        return sum
    }

    /// The sum of the losses of logits, their gradient and the diagonal of their Hessian, p (1 - p).
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(
        logits: Span<S>, targets: Span<S>, writingGradientInto gradient: inout MutableSpan<S>,
        hessianDiagonal hessian: inout MutableSpan<S>
    ) -> Double {
        var sum = 0.0
        for i in logits.indices {
            let p = sigmoid(logits[i])
            sum += Double(loss(logit: logits[i], target: targets[i]))
            gradient[i] = p - targets[i]
            hessian[i] = p * (1 - p)
        }
        return sum
    }

    @inline(__always)
    func sigmoid<S: NaiveScalar>(_ x: S) -> S { 1 / (1 + S.exponential(-x)) }
}

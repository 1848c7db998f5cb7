// SPDX-License-Identifier: Apache-2.0

/// Binary cross-entropy as a good programmer would first write it: the formula, a loop, and libm.
///
///     probabilities:  -(t log p + (1 - t) log(1 - p))
///     logits:         max(x, 0) - t x + log1p(e^-|x|)
///
/// This is the reference for the tests and the baseline for the benchmarks: every ratio "to naive" is a ratio to these
/// loops. Losses are computed in the element type (`logf` for `Float`) and added in `Double`. Edge cases get no special
/// treatment: 0 log 0 is NaN here, and 1 - p loses the digits of a small p. Do not tune it.
public struct NaiveBinaryCrossEntropy: Sendable {
    public init() {}

    /// The sum of the losses of probabilities, in nats.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(probabilities: Span<S>, targets: Span<S>) -> Double {
        var sum = 0.0
        for i in probabilities.indices {
            sum += Double(loss(probability: probabilities[i], target: targets[i]))
        }
        return sum
    }

    /// The sum of the losses of logits, in nats.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(logits: Span<S>, targets: Span<S>) -> Double {
        var sum = 0.0
        for i in logits.indices {
            sum += Double(loss(logit: logits[i], target: targets[i]))
        }
        return sum
    }

    /// Writes the loss of each probability, in nats.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func writeLosses<S: NaiveScalar>(
        probabilities: Span<S>, targets: Span<S>, into losses: inout MutableSpan<S>
    ) {
        for i in probabilities.indices {
            losses[i] = loss(probability: probabilities[i], target: targets[i])
        }
    }

    /// Writes the loss of each logit, in nats.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func writeLosses<S: NaiveScalar>(
        logits: Span<S>, targets: Span<S>, into losses: inout MutableSpan<S>
    ) {
        for i in logits.indices {
            losses[i] = loss(logit: logits[i], target: targets[i])
        }
    }

    @inline(__always)
    func loss<S: NaiveScalar>(probability p: S, target t: S) -> S {
        -(t * S.logarithm(p) + (1 - t) * S.logarithm(1 - p))
    }

    @inline(__always)
    func loss<S: NaiveScalar>(logit x: S, target t: S) -> S {
        max(x, 0) - t * x + S.logarithm(onePlus: S.exponential(-abs(x)))
    }
}

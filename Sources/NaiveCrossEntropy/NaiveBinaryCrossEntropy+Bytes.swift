// SPDX-License-Identifier: Apache-2.0

extension NaiveBinaryCrossEntropy {
    /// The sum of the losses of logits with one byte per target, 0 or 1.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(logits: Span<S>, byteTargets: Span<UInt8>) -> Double {
        var sum = 0.0
        for i in logits.indices { sum += Double(loss(logit: logits[i], target: S(byteTargets[i]))) }
        return sum
    }

    /// The sum of the losses of probabilities with one byte per target, 0 or 1.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(probabilities: Span<S>, byteTargets: Span<UInt8>) -> Double {
        var sum = 0.0
        for i in probabilities.indices {
            sum += Double(loss(probability: probabilities[i], target: S(byteTargets[i])))
        }
        return sum
    }

    /// The sum of the losses of logits with one bit per target, starting with the lowest bit of each byte.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(logits: Span<S>, packedTargets: Span<UInt8>) -> Double {
        var sum = 0.0
        for i in logits.indices { sum += Double(loss(logit: logits[i], target: bit(packedTargets, i))) }
        return sum
    }

    /// The sum of the losses of probabilities with one bit per target.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func loss<S: NaiveScalar>(probabilities: Span<S>, packedTargets: Span<UInt8>) -> Double {
        var sum = 0.0
        for i in probabilities.indices {
            sum += Double(loss(probability: probabilities[i], target: bit(packedTargets, i)))
        }
        return sum
    }

    @inline(__always)
    private func bit<S: NaiveScalar>(_ bytes: Span<UInt8>, _ index: Int) -> S {
        S(bytes[index / 8] >> UInt8(index % 8) & 1)
    }
}

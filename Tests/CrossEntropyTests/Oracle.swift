// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The type in which the oracle computes: 64 significand bits on x86-64, Double elsewhere.
#if arch(x86_64)
    typealias Reference = Float80
#else
    typealias Reference = Double
#endif

/// The loss by another formulation than the library's, in higher precision: a logarithm for each element, and a
/// compensated sum. Inputs are taken as exact.
enum Oracle {
    static func logit<S: BinaryFloatingPoint>(_ x: S, _ t: S) -> Reference {
        let (x, t) = (Reference(x), Reference(t))
        // -(t log s(x) + (1 - t) log s(-x)), each logarithm of a sigmoid by itself.
        let positive = t == 0 ? 0 : t * logSigmoid(x)
        let negative = t == 1 ? 0 : (1 - t) * logSigmoid(-x)
        return -(positive + negative)
    }

    static func probability<S: BinaryFloatingPoint>(_ p: S, _ t: S) -> Reference {
        let (p, t) = (Reference(p), Reference(t))
        let positive = t == 0 ? 0 : t * log(p)
        let negative = t == 1 ? 0 : (1 - t) * log1p(-p)
        return -(positive + negative)
    }

    static func sum<S: BinaryFloatingPoint>(
        _ predictions: [S], _ targets: [S], _ element: (S, S) -> Reference
    ) -> Reference {
        var (sum, lost): (Reference, Reference) = (0, 0)
        for index in predictions.indices {
            let value = element(predictions[index], targets[index])
            let next = sum + value
            lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
            sum = next
        }
        return sum + lost
    }

    private static func logSigmoid(_ x: Reference) -> Reference {
        x >= 0 ? -log1p(exp(-x)) : x - log1p(exp(x))
    }
}

/// SplitMix64: the same numbers everywhere for one seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A normal deviate (Box and Muller).
    mutating func normal() -> Double {
        let u = Double.random(in: 0x1p-53..<1, using: &self)
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// The type in which expectations are computed: 64 significand bits on x86-64, Double elsewhere.
#if arch(x86_64)
    typealias Reference = Float80
#else
    typealias Reference = Double
#endif

/// A linear congruential generator (Knuth, MMIX): the same numbers everywhere for one seed.
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    mutating func uniform() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) * 0x1p-53
    }

    /// About normal: the sum of twelve uniform numbers, less 6.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }

    mutating func normals<S: LossScalar>(_ count: Int, spread: Double = 1, _: S.Type) -> [S] {
        (0..<count).map { _ in S(normal() * spread) }
    }

    mutating func bits(_ count: Int) -> [UInt8] { (0..<count).map { _ in uniform() < 0.5 ? 0 : 1 } }
}

/// Losses of single elements from their definition.
enum Definition {
    /// ln s(x)
    static func logSigmoid(_ x: Reference) -> Reference { x >= 0 ? -log1p(exp(-x)) : x - log1p(exp(x)) }

    static func sigmoid(_ x: Reference) -> Reference { exp(logSigmoid(x)) }

    static func loss(logit x: Reference, _ t: Reference, positiveWeight: Reference = 1) -> Reference {
        -(positiveWeight * t * logSigmoid(x) + (1 - t) * logSigmoid(-x))
    }

    static func loss(probability p: Reference, _ t: Reference) -> Reference {
        -((t == 0 ? 0 : t * log(p)) + (t == 1 ? 0 : (1 - t) * log1p(-p)))
    }
}

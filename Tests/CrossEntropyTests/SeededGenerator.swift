import Foundation

/// SplitMix64: the same numbers everywhere for one seed, which the name of a case prints.
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

    /// Uniform in (0, 1), never 0 or 1.
    mutating func uniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

    /// 10 to a uniform power: every magnitude is as likely as any other.
    mutating func magnitude(_ low: Double, _ high: Double) -> Double {
        exp(uniform(log(low), log(high)))
    }

    mutating func coin() -> Bool { next() >> 63 == 1 }

    /// A standard normal deviate (Box and Muller).
    mutating func normal() -> Double {
        (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
    }
}

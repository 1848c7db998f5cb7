// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

/// The exact sum of any Doubles, rounded only when it is read. The result is bitwise identical in whatever order and
/// grouping they are added.
///
/// It is a fixed-point number that covers the whole range of Double (Neal 2015, arXiv:1505.05571, the "small
/// superaccumulator"): chunk k holds a signed multiple of 2^(32 k + `leastExponent`). A value is added to two chunks as
/// integers, so no intermediate result is rounded or overflows: a + a - a is a for a = 1.7e308.
///
/// Capacity, for any input: each term is below 2^(1024 + `extraBits`), so 2^63 terms add up to less than 2^1215, which
/// is bit 2,417 of the number; the last chunk holds bits 2,368 to 2,431. Between two calls of `carry`, a chunk takes up
/// to `mostPending` terms below 2^53 + 2^32 each. Together with its own 2^32, it stays below 2^63.
package struct ExactSum: Sendable {
    /// Terms may be scaled by up to 2^128 and down to 2^-128, because the sum of a tile, or the product of a loss and a
    /// weight, may be outside the range of Double even if the mean that it is part of is not.
    package static let extraBits = 128
    /// The exponent of the lowest bit of chunk 0: that of the smallest positive Double, scaled by 2^-128.
    static let leastExponent = -1074 - extraBits
    static let chunkCount = 75
    private static let mostPending = 1023
    /// The position of the lowest bit of the significand of the largest Double, scaled by 2^`extraBits`.
    private static let greatestPosition = 2045 + 2 * extraBits

    var chunks = InlineArray<75, Int64>(repeating: 0)
    /// The number of terms since the last `carry`.
    private var pending = 0
    /// The sum of the infinite and NaN terms, which does not depend on their order either; 0 if there are none.
    var special = 0.0

    package init() {}

    package mutating func add(_ value: Double) { add(ScaledDouble(value)) }

    /// - Parameter number: treated as infinite unless it is below 2^(1024 + `extraBits`).
    package mutating func add(_ number: ScaledDouble) {
        let value = number.significand
        let biased = Int(truncatingIfNeeded: value.exponentBitPattern)
        guard biased != 0x7ff else {
            special += value
            return
        }
        let implicitBit: UInt64 = biased == 0 ? 0 : 1 << 52
        var significand = Int64(bitPattern: value.significandBitPattern | implicitBit)
        var position = max(biased, 1) - 1 + Self.extraBits + number.exponent
        guard position <= Self.greatestPosition else {
            special += value * .infinity
            return
        }
        if position < 0 {
            // Bits below the lowest bit of chunk 0 are dropped. The sum of a tile has none, unless it is itself a sum
            // of parts.
            significand >>= Int64(-position)
            position = 0
        }
        let (chunk, shift) = (position &>> 5, Int64(position & 31))
        let low = (significand &<< shift) & 0xffff_ffff
        let high = significand &>> (32 &- shift)
        if value.sign == .minus {
            chunks[chunk] -= low
            chunks[chunk + 1] -= high
        } else {
            chunks[chunk] += low
            chunks[chunk + 1] += high
        }
        pending += 1
        if pending == Self.mostPending { carry() }
    }

    package mutating func add(_ other: ExactSum) {
        let other = other.carried
        carry()
        for index in 0..<Self.chunkCount { chunks[index] += other.chunks[index] }
        pending = 1
        special += other.special
    }

    /// Leaves 32 bits in each chunk except the last, which holds the sign. Each number then has only one
    /// representation.
    mutating func carry() {
        var carry: Int64 = 0
        for index in 0..<Self.chunkCount - 1 {
            let chunk = chunks[index] + carry
            carry = chunk >> 32
            chunks[index] = chunk & 0xffff_ffff
        }
        chunks[Self.chunkCount - 1] += carry
        pending = 0
    }

    var carried: ExactSum {
        var copy = self
        copy.carry()
        return copy
    }

    mutating func negate() {
        for index in 0..<Self.chunkCount { chunks[index] = -chunks[index] }
        carry()
    }
}

extension ExactSum: Equatable {
    package static func == (a: ExactSum, b: ExactSum) -> Bool {
        let (a, b) = (a.carried, b.carried)
        // If there are infinite or NaN terms, finite terms do not matter.
        guard a.special == 0, b.special == 0 else {
            return a.special == b.special || a.special.isNaN && b.special.isNaN
        }
        return (0..<chunkCount).allSatisfy { a.chunks[$0] == b.chunks[$0] }
    }
}

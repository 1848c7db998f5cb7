// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

/// The exact sum of any Doubles, rounded only when it is read: the same bits in whatever order, and however grouped,
/// they are added.
///
/// A fixed-point number that covers the whole range of Double (Neal 2015, arXiv:1505.05571, the "small
/// superaccumulator"): chunk k holds a signed multiple of 2^(32 k + `leastExponent`). A value is added to two chunks as
/// integers, so that nothing is rounded and nothing overflows on the way: a + a - a is a for a = 1.7e308.
///
/// Capacity, for any input: each term is below 2^(1024 + `extraBits`), so that 2^63 of them stay below 2^1215, which is
/// bit 2,417 of the number; the last chunk holds bits 2,368 to 2,431. Between two calls of `carry` a chunk takes up to
/// `mostPending` terms below 2^53 + 2^32 each, which with its own 2^32 stays below 2^63.
package struct ExactSum: Sendable {
    /// Terms may be scaled by up to 2^128 and down to 2^-128: the sum of a tile, or a product of a loss and a weight,
    /// may leave the range of Double although the mean that it is part of does not.
    package static let extraBits = 128
    /// Of the lowest bit of chunk 0: the smallest Double, scaled by 2^-128.
    static let leastExponent = -1074 - extraBits
    static let chunkCount = 75
    private static let mostPending = 1023
    /// Of the lowest bit of the significand of the largest Double, scaled by 2^`extraBits`.
    private static let greatestPosition = 2045 + 2 * extraBits

    var chunks = InlineArray<75, Int64>(repeating: 0)
    /// Terms since the last `carry`.
    private var pending = 0
    /// The sum of what is infinite or NaN, in which no order matters either; else 0.
    var special = 0.0

    package init() {}

    package mutating func add(_ value: Double) { add(ScaledDouble(value)) }

    /// - Parameter number: infinite where it is not below 2^(1024 + `extraBits`).
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
            // Bits below the lowest that there is are left out; a tile's sum has none, unless it is a sum of parts itself.
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

    /// Leaves 32 bits in each chunk but the last, which has the sign: one form for each number.
    private mutating func carry() {
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

    var isNegative: Bool { carried.chunks[Self.chunkCount - 1] < 0 }

    var magnitude: ExactSum {
        var copy = carried
        if isNegative { copy.negate() }
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
        // Beside what is infinite or NaN, finite terms do not matter.
        guard a.special == 0, b.special == 0 else {
            return a.special == b.special || a.special.isNaN && b.special.isNaN
        }
        return (0..<chunkCount).allSatisfy { a.chunks[$0] == b.chunks[$0] }
    }
}

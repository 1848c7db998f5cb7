// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

extension ExactSum {
    /// The sum, rounded to nearest, ties to even; infinite if it exceeds the range of Double.
    package var value: Double { rounded(leastBit: -1074 - Self.leastExponent).value }

    /// The sum, rounded to 53 bits regardless of its magnitude.
    package var scaled: ScaledDouble {
        let rounded = rounded(leastBit: 0)
        return rounded.value.isNormal ? ScaledDouble(rounded.value) : rounded
    }

    /// Whether this can be the sum of `count` terms, each of which is below 2^(1024 + `extraBits`).
    func isSum(ofTerms count: Int) -> Bool {
        guard special == 0, let highest = magnitude.highestBit else { return special == 0 || count > 0 }
        return count > 0
            && highest + Self.leastExponent < 1024 + Self.extraBits + Int.bitWidth - count.leadingZeroBitCount
    }

    /// - Parameter leastBit: the lowest bit that may be kept, as for a subnormal number.
    private func rounded(leastBit: Int) -> ScaledDouble {
        guard special == 0 else { return ScaledDouble(special.isNaN ? .nan : special) }
        let magnitude = magnitude
        guard let highest = magnitude.highestBit else { return ScaledDouble(0) }
        let lowest = max(highest - 52, leastBit)
        var significand = highest < lowest ? 0 : magnitude.bits(lowest...highest)
        if lowest > 0, magnitude.bits(lowest - 1...lowest - 1) == 1,
            significand & 1 == 1 || magnitude.hasBits(below: lowest - 1)
        {
            significand += 1
        }
        let number = Double(significand)
        return ScaledDouble(isNegative ? -number : number, timesTwoTo: lowest + Self.leastExponent)
    }

    /// The position of the highest bit that is set, or nil if the number is 0. It must be carried and not negative.
    private var highestBit: Int? {
        for index in stride(from: Self.chunkCount - 1, through: 0, by: -1) where chunks[index] != 0 {
            return index * 32 + 63 - chunks[index].leadingZeroBitCount
        }
        return nil
    }

    /// At most 53 bits of a number, which must be carried and not negative.
    private func bits(_ range: ClosedRange<Int>) -> UInt64 {
        let first = min(range.lowerBound / 32, Self.chunkCount - 1)
        var window: UInt128 = 0
        for index in first..<min(first + 3, Self.chunkCount) {
            window |= UInt128(UInt64(bitPattern: chunks[index])) << UInt128((index - first) * 32)
        }
        let shifted = window >> UInt128(range.lowerBound - first * 32)
        return UInt64(truncatingIfNeeded: shifted & ((1 << UInt128(range.count)) - 1))
    }

    private func hasBits(below position: Int) -> Bool {
        let chunk = min(position / 32, Self.chunkCount - 1)
        return chunks[chunk] & ((1 << Int64(position - chunk * 32)) - 1) != 0
            || (0..<chunk).contains { chunks[$0] != 0 }
    }
}

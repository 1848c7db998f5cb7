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
        return ScaledDouble(magnitude.isNegative ? -number : number, timesTwoTo: lowest + Self.leastExponent)
    }
}

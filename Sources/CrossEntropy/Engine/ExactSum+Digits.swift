// SPDX-License-Identifier: Apache-2.0

/// A finite sum is its sign, and the digits of its magnitude in base 2^32: their number times 2^`leastExponent`.
extension ExactSum {
    /// The last chunk has two digits, the higher of which has 31 bits.
    static let mostDigits = chunkCount + 1

    /// The digits from the lowest one to the highest one that are not 0, and the index of the first of them.
    var digits: (first: Int, digits: [UInt32]) {
        let chunks = magnitude.chunks
        let all = (0..<Self.mostDigits).map {
            UInt32(truncatingIfNeeded: $0 < Self.chunkCount ? chunks[$0] : chunks[$0 - 1] >> 32)
        }
        guard let first = all.firstIndex(where: { $0 != 0 }), let last = all.lastIndex(where: { $0 != 0 })
        else { return (0, []) }
        return (first, Array(all[first...last]))
    }

    /// Nil unless the digits are what `digits` can return for a sum that is not 0.
    init?(isNegative: Bool, first: Int, digits: [UInt32]) {
        guard let lowest = digits.first, let highest = digits.last, lowest != 0, highest != 0,
            digits.count <= Self.mostDigits, 0...Self.mostDigits - digits.count ~= first,
            first + digits.count < Self.mostDigits || highest < 1 << 31
        else { return nil }
        self.init()
        for (index, digit) in zip(first..., digits) {
            if index < Self.chunkCount {
                chunks[index] = Int64(digit)
            } else {
                chunks[index - 1] |= Int64(digit) << 32
            }
        }
        if isNegative { negate() }
    }
}

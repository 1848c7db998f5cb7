// SPDX-License-Identifier: Apache-2.0

/// A finite sum as its sign and the digits of its magnitude in base 2^32, in units of 2^`leastExponent`.
extension ExactSum {
    /// Every chunk has one digit except the last, which has two. The higher of these has 31 bits.
    static let mostDigits = chunkCount + 1

    /// The digits from the lowest to the highest one that is not 0, and the index of the first of these digits.
    var digits: (isNegative: Bool, first: Int, digits: [UInt32]) {
        let magnitude = magnitude
        let chunks = magnitude.chunks.span
        var all: [UInt32] = []
        for index in chunks.indices { all.append(UInt32(truncatingIfNeeded: chunks[index])) }
        all.append(UInt32(truncatingIfNeeded: chunks[Self.chunkCount - 1] >> 32))
        guard let first = all.firstIndex(where: { $0 != 0 }), let last = all.lastIndex(where: { $0 != 0 })
        else { return (false, 0, []) }
        return (magnitude.isNegative, first, Array(all[first...last]))
    }

    /// Nil unless `digits` could have returned these digits for a sum that is not 0.
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

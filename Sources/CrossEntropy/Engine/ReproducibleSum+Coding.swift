// SPDX-License-Identifier: Apache-2.0

/// A sum is encoded as one string: the index of the highest chunk, the three chunks, and the kinds of values that are
/// not finite.
extension ReproducibleSum: TextCoded {
    static var title: String { "a reproducible sum" }

    var text: String {
        let digits = [2, 1, 0].map { String(chunks[$0], radix: 16) }
        return "\(top):\(digits.joined(separator: ":")):\(special.rawValue)"
    }

    init?(text: String) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.utf8.count <= 120, fields.count == 5, let top = Int16(fields[0]),
            (0...Int16(Self.greatestTop)).contains(top),
            let high = Int128(fields[1], radix: 16), let middle = Int128(fields[2], radix: 16),
            let low = Int128(fields[3], radix: 16), let special = UInt8(fields[4]), special < 8
        else { return nil }
        self.init()
        (self.top, self.special) = (top, Special(rawValue: special))
        (chunks[0], chunks[1], chunks[2]) = (low, middle, high)
        guard self.text == text else { return nil }
    }

    /// Whether this can be the sum of `count` terms, each of which adds at most 2^84 to a chunk. Sums that pass this
    /// check can be added without overflow as long as the total count does not exceed `mostTerms`.
    func isSum(ofTerms count: Int) -> Bool {
        guard count > 0 else { return self == ReproducibleSum() }
        return count <= Self.mostTerms && (0..<3).allSatisfy { chunks[$0].magnitude <= UInt128(count) << 84 }
    }
}

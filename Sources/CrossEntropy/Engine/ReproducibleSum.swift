// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

/// A sum of Doubles that is bitwise identical in whatever order and grouping they are added, like `ExactSum`, in a
/// twelfth of its memory. It is used where there are thousands of sums: one for each group, or for each bin.
///
/// It is the three highest chunks of an exact sum: chunk k holds a multiple of 2^(32 k - 1074). A value is cut at the
/// borders of the chunks, which do not depend on the other values, and the parts below the lowest chunk are dropped.
/// The highest chunk is determined by the largest value alone, and nothing is carried from one chunk to another, so
/// that what a chunk holds does not depend on the order of the values (the idea of Ahrens, Demmel and Nguyen 2020,
/// "Algorithms for Efficient Reproducible Floating Point Summation", with integers).
///
/// Error: the largest value has its lowest bit in the middle chunk or above it, and its highest bit at least 52 bits
/// higher. Each value therefore loses less than 2^-84 of the largest one. For values of one sign, 2^31 of them lose
/// less than 2^-53 of their sum. Reading the sum adds two roundings.
///
/// Capacity: a part is below 2^53, so 2^63 of them fit into the 127 bits of a chunk.
package struct ReproducibleSum: Sendable, Equatable {
    private var low: Int128 = 0
    private var middle: Int128 = 0
    private var high: Int128 = 0
    /// The index of the highest chunk; that of the smallest values is 1.
    private var top: Int16 = 1
    private var special = Special()

    /// Which values occurred that are not finite.
    private struct Special: OptionSet {
        let rawValue: UInt8

        static let positive = Special(rawValue: 1)
        static let negative = Special(rawValue: 2)
        static let nan = Special(rawValue: 4)
    }

    /// The index of the highest chunk of the largest finite Double.
    private static let greatestTop = 2045 >> 5 + 1

    package init() {}

    /// The sum of `count` values that are 1.
    package init(ones count: Int) {
        add(1)
        (low, middle, high) = (low * Int128(count), middle * Int128(count), high * Int128(count))
        if count == 0 { self = ReproducibleSum() }
    }

    @inline(always)
    package mutating func add(_ value: Double) {
        let exponent = Int(truncatingIfNeeded: value.exponentBitPattern)
        guard exponent != 0x7ff else { return addSpecial(value) }
        let implicitBit: UInt64 = exponent == 0 ? 0 : 1 << 52
        var significand = Int64(bitPattern: value.significandBitPattern | implicitBit)
        if value.sign == .minus { significand = -significand }
        // The lowest bit of the significand is 2^(position - 1074).
        let position = max(exponent, 1) &- 1
        let chunk = position &>> 5
        // An arithmetic shift: a negative value is a negative multiple of 2^32 plus a positive rest.
        let wide = Int128(significand) &<< Int128(position & 31)
        let lower = wide & 0xffff_ffff
        let upper = wide &>> 32
        switch Int(top) &- (chunk &+ 1) {
        case 0:
            high &+= upper
            middle &+= lower
        case 1:
            middle &+= upper
            low &+= lower
        case 2: low &+= upper
        case 3...: break
        default:
            raise(to: chunk &+ 1)
            high &+= upper
            middle &+= lower
        }
    }

    /// Adds the values of another sum.
    package mutating func add(_ other: ReproducibleSum) {
        if other.top > top { raise(to: Int(other.top)) }
        var other = other
        other.raise(to: Int(top))
        low += other.low
        middle += other.middle
        high += other.high
        special.formUnion(other.special)
    }

    @inline(never)
    private mutating func addSpecial(_ value: Double) {
        special.insert(value.isNaN ? .nan : value > 0 ? .positive : .negative)
    }

    /// Moves the chunks so that the highest one has the index `newTop`.
    @inline(never)
    private mutating func raise(to newTop: Int) {
        switch newTop - Int(top) {
        case 0: break
        case 1: (low, middle, high) = (middle, high, 0)
        case 2: (low, middle, high) = (high, 0, 0)
        default: (low, middle, high) = (0, 0, 0)
        }
        top = Int16(newTop)
    }

    /// Whether so many values, which are below 2^53 times the unit of a chunk, can have this sum. Sums that come from
    /// outside are checked, since adding up others could exceed the capacity.
    func isSum(ofTerms count: Int) -> Bool {
        [high, middle, low].allSatisfy { $0.magnitude <= UInt128(count) << 53 }
    }

    /// The sum, to within 2^-52 of it; infinite if it exceeds the range of Double.
    package var value: Double { scaled.value }

    /// The sum regardless of its magnitude.
    package var scaled: ScaledDouble {
        guard special.isEmpty else {
            return ScaledDouble(
                special == .positive ? .infinity : special == .negative ? -.infinity : .nan)
        }
        let middle = middle + low >> 32
        let rest = (middle & 0xffff_ffff) << 32 | low & 0xffff_ffff
        let sum = Double(high + middle >> 32) * 0x1p64 + Double(rest)
        let scaled = ScaledDouble(sum, timesTwoTo: (Int(top) - 2) * 32 - 1074)
        return scaled.value.isNormal || sum == 0 ? ScaledDouble(scaled.value) : scaled
    }
}

/// A sum is encoded as one string: the index of the highest chunk, the three chunks, and the kinds of values that are
/// not finite.
extension ReproducibleSum: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let sum = ReproducibleSum(text: text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\"\(text.prefix(40))\" is not a reproducible sum"))
        }
        self = sum
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    var text: String {
        let chunks = [high, middle, low].map { String($0, radix: 16) }
        return "\(top):\(chunks.joined(separator: ":")):\(special.rawValue)"
    }

    /// Nil unless the text is one that `text` can return.
    init?(text: String) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.utf8.count <= 120, fields.count == 5, let top = Int16(fields[0]),
            (1...Int16(Self.greatestTop)).contains(top),
            let high = Int128(fields[1], radix: 16), let middle = Int128(fields[2], radix: 16),
            let low = Int128(fields[3], radix: 16), let special = UInt8(fields[4]), special < 8,
            // Below 2^63 parts of 53 bits.
            [high, middle, low].allSatisfy({ $0.magnitude < 1 << 116 })
        else { return nil }
        self.init()
        (self.top, self.high, self.middle, self.low) = (top, high, middle, low)
        self.special = Special(rawValue: special)
        guard self.text == text else { return nil }
    }
}

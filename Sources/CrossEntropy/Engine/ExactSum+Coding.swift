// SPDX-License-Identifier: Apache-2.0

/// A sum is encoded as one string: "nan", "inf", "-inf", or its exact value as a hexadecimal integer times a power of
/// two, such as "-0x1b3p-1074". Python reads the part before the "p" with `int(text, 16)`.
extension ExactSum: TextCoded {
    static var title: String { "an exact sum" }

    /// The maximum number of digits of a sum.
    private static let mostDigits = chunkCount * 8 + 8

    var text: String {
        guard special == 0 else { return special.isNaN ? "nan" : special > 0 ? "inf" : "-inf" }
        let magnitude = magnitude
        guard let first = (0..<Self.chunkCount).first(where: { magnitude.chunks[$0] != 0 }),
            let last = (0..<Self.chunkCount).last(where: { magnitude.chunks[$0] != 0 })
        else { return "0x0p0" }
        var digits = String(magnitude.chunks[last], radix: 16)
        for index in stride(from: last - 1, through: first, by: -1) {
            let part = String(magnitude.chunks[index], radix: 16)
            digits += String(repeating: "0", count: 8 - part.count) + part
        }
        return "\(isNegative ? "-" : "")0x\(digits)p\(first * 32 + Self.leastExponent)"
    }

    init?(text: String) {
        self.init()
        switch text {
        case "nan": special = .nan
        case "inf": special = .infinity
        case "-inf": special = -.infinity
        case "0x0p0": break
        default: guard read(text.utf8), self.text == text else { return nil }
        }
    }

    /// Reads a finite, nonzero sum; returns whether the text has that form.
    private mutating func read(_ text: String.UTF8View) -> Bool {
        var text = text[...]
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { text.removeFirst() }
        guard text.starts(with: "0x".utf8), text.count <= Self.mostDigits + 10,
            let separator = text.firstIndex(of: UInt8(ascii: "p")),
            let exponent = Int(String(decoding: text[separator...].dropFirst(), as: UTF8.self)),
            (Self.leastExponent..<Self.leastExponent + 32 * Self.chunkCount).contains(exponent)
        else { return false }
        let digits = Array(text[..<separator].dropFirst(2))
        let (first, rest) = (exponent - Self.leastExponent).quotientAndRemainder(dividingBy: 32)
        guard rest == 0 else { return false }
        for (index, end) in stride(from: digits.count, to: 0, by: -8).enumerated() {
            let part = String(decoding: digits[max(0, end - 8)..<end], as: UTF8.self)
            guard let chunk = Int64(part, radix: 16), chunk >= 0 else { return false }
            switch first + index {
            case 0..<Self.chunkCount: chunks[first + index] = chunk
            // The last chunk has 63 bits.
            case Self.chunkCount where chunk < 1 << 31: chunks[Self.chunkCount - 1] += chunk << 32
            default: return false
            }
        }
        if isNegative { negate() }
        return true
    }
}

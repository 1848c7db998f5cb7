// SPDX-License-Identifier: Apache-2.0

/// A sum is encoded as one string: "nan", "inf", "-inf", or its exact value as a hexadecimal integer times a power of
/// two, such as "-0x1b3p-1074". Python reads the part before the "p" with `int(text, 16)`.
extension ExactSum: TextCoded {
    static var title: String { "an exact sum" }

    var text: String {
        guard special == 0 else { return special.isNaN ? "nan" : special > 0 ? "inf" : "-inf" }
        let (isNegative, first, digits) = digits
        guard let highest = digits.last else { return "0x0p0" }
        var text = String(highest, radix: 16)
        for digit in digits.dropLast().reversed() {
            let part = String(digit, radix: 16)
            text += String(repeating: "0", count: 8 - part.count) + part
        }
        return "\(isNegative ? "-" : "")0x\(text)p\(first * 32 + Self.leastExponent)"
    }

    init?(text: String) {
        self.init()
        switch text {
        case "nan": special = .nan
        case "inf": special = .infinity
        case "-inf": special = -.infinity
        case "0x0p0": break
        default:
            guard let sum = Self.finite(text.utf8), sum.text == text else { return nil }
            self = sum
        }
    }

    /// Reads a sum that is finite and not 0. Nil if the text does not represent one.
    private static func finite(_ text: String.UTF8View) -> ExactSum? {
        var text = text[...]
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { text.removeFirst() }
        guard text.starts(with: "0x".utf8), text.count <= mostDigits * 8 + 10,
            let separator = text.firstIndex(of: UInt8(ascii: "p")),
            let exponent = Int(String(decoding: text[separator...].dropFirst(), as: UTF8.self)),
            (leastExponent..<leastExponent + 32 * mostDigits).contains(exponent)
        else { return nil }
        let (first, rest) = (exponent - leastExponent).quotientAndRemainder(dividingBy: 32)
        guard rest == 0 else { return nil }
        let hexadecimal = Array(text[..<separator].dropFirst(2))
        var digits: [UInt32] = []
        for end in stride(from: hexadecimal.count, to: 0, by: -8) {
            let part = String(decoding: hexadecimal[max(0, end - 8)..<end], as: UTF8.self)
            guard let digit = UInt32(part, radix: 16) else { return nil }
            digits.append(digit)
        }
        return ExactSum(isNegative: isNegative, first: first, digits: digits)
    }
}

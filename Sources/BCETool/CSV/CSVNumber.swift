// SPDX-License-Identifier: Apache-2.0

/// A number in a .csv file: anything that Python's float() accepts in ASCII, without underscores. Hexadecimal numbers
/// and nan(...) are C syntax and are not accepted. A decimal number beyond the range of Double is not taken for
/// infinity, which is written inf.
enum CSVNumber: Equatable {
    case number(Double)
    case beyondRange
    case notANumber

    init(_ field: some RandomAccessCollection<UInt8>) {
        guard let first = field.firstIndex(where: { !Self.isSpace($0) }),
            let last = field.lastIndex(where: { !Self.isSpace($0) })
        else {
            self = .notANumber
            return
        }
        let text = field[first...last]
        let isDecimal = text.allSatisfy(Self.isOfDecimal)
        guard isDecimal || Self.isName(text) else {
            self = .notANumber
            return
        }
        let value = Self.parse(text)
        switch value {
        case nil: self = .notANumber
        case let value? where isDecimal && value.isInfinite: self = .beyondRange
        case let value?: self = .number(value)
        }
    }

    /// The value of "true" or "false" in the spellings of pandas, R and SQL.
    static func boolean(_ field: some RandomAccessCollection<UInt8>) -> Double? {
        guard field.count <= 5 else { return nil }
        return switch String(decoding: field, as: UTF8.self) {
        case "true", "True", "TRUE": 1
        case "false", "False", "FALSE": 0
        default: nil
        }
    }

    /// Parses all of `text`, which must contain only a decimal number or a name, with the C library, which rounds
    /// correctly.
    private static func parse(_ text: some RandomAccessCollection<UInt8>) -> Double? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { buffer in
            for (index, byte) in text.enumerated() { unsafe buffer[index] = CChar(bitPattern: byte) }
            unsafe buffer[text.count] = 0
            var end: UnsafeMutablePointer<CChar>?
            let value = unsafe strtod(buffer.baseAddress!, &end)
            return unsafe end == buffer.baseAddress! + text.count ? value : nil
        }
    }

    private static func isOfDecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private static func isName(_ text: some RandomAccessCollection<UInt8>) -> Bool {
        let hasSign = text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-")
        guard text.count <= 9 else { return false }
        return ["nan", "inf", "infinity"].contains(
            String(decoding: text.dropFirst(hasSign ? 1 : 0), as: UTF8.self).lowercased())
    }

    /// The ASCII characters that Python's str.strip() removes.
    private static func isSpace(_ byte: UInt8) -> Bool { (9...13).contains(byte) || (28...32).contains(byte) }
}

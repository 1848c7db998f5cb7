// SPDX-License-Identifier: Apache-2.0

/// The syntax in which an .npy header is written: a Python literal of strings, integers, True and False, tuples, lists
/// and dictionaries. It is parsed completely, so that a field that is *named* 'shape' is not mistaken for the shape.
enum PythonLiteral: Equatable {
    case string(String)
    /// The digits, with a minus sign if there is one: they may be too many for an Int.
    case integer(String)
    case boolean(Bool)
    case tuple([PythonLiteral])
    case list([PythonLiteral])
    case dictionary([String: PythonLiteral])

    /// Parses the literal that makes up all of `text` except for surrounding white space, or returns nil.
    init?(_ text: some Sequence<UInt8>) {
        var parser = Parser(bytes: Array(text))
        guard let literal = parser.literal(depth: 0), parser.isAtEnd() else { return nil }
        self = literal
    }
}

private struct Parser {
    let bytes: [UInt8]
    var position = 0

    /// The maximum nesting depth of brackets. A legitimate header has three; without a limit, a hostile one would
    /// exhaust the stack.
    private static let deepest = 16

    mutating func isAtEnd() -> Bool {
        skipSpace()
        return position == bytes.count
    }

    mutating func literal(depth: Int) -> PythonLiteral? {
        skipSpace()
        guard depth < Self.deepest, position < bytes.count else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "("): return tuple(depth)
        case UInt8(ascii: "["): return sequence(until: "]", depth).map { .list($0.elements) }
        case UInt8(ascii: "{"): return dictionary(depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return integer()
        default:
            if take("True") { return .boolean(true) }
            return take("False") ? .boolean(false) : nil
        }
    }

    /// (4) is a number in parentheses; (4,) is a tuple.
    private mutating func tuple(_ depth: Int) -> PythonLiteral? {
        guard let (elements, endsInComma) = sequence(until: ")", depth) else { return nil }
        return elements.count == 1 && !endsInComma ? elements[0] : .tuple(elements)
    }

    private mutating func sequence(
        until end: String, _ depth: Int
    ) -> (elements: [PythonLiteral], endsInComma: Bool)? {
        position += 1
        var (elements, separated) = ([PythonLiteral](), true)
        while !take(end) {
            guard separated, let element = literal(depth: depth + 1) else { return nil }
            elements.append(element)
            separated = take(",")
        }
        return (elements, separated)
    }

    private mutating func dictionary(_ depth: Int) -> PythonLiteral? {
        position += 1
        var (entries, separated) = ([String: PythonLiteral](), true)
        while !take("}") {
            guard separated, case .string(let key)? = literal(depth: depth + 1), take(":"),
                let value = literal(depth: depth + 1), entries.updateValue(value, forKey: key) == nil
            else { return nil }
            separated = take(",")
        }
        return .dictionary(entries)
    }

    private mutating func string() -> String? {
        let quote = bytes[position]
        position += 1
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != quote {
            // Escapes occur only in names of fields, and headers with fields are rejected.
            if bytes[position] == UInt8(ascii: "\\") { position += 1 }
            guard position < bytes.count else { return nil }
            text.append(bytes[position])
            position += 1
        }
        guard position < bytes.count else { return nil }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func integer() -> PythonLiteral? {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let digits = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { return nil }
        position = digits.endIndex
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // Python 2 wrote long integers with an L.
        _ = take("L")
        return .integer(text)
    }

    private mutating func take(_ word: String) -> Bool {
        skipSpace()
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, [9, 10, 13, 32].contains(bytes[position]) { position += 1 }
    }
}

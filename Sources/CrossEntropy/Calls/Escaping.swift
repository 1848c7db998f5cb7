// SPDX-License-Identifier: Apache-2.0

/// Escapes external text (arguments, paths, cells of files, the environment) for display in a message. Printable
/// characters are unchanged; control characters and other invisible ones become escapes such as \n or \u{202E}; bytes
/// that are not UTF-8 become escapes such as \xFF. Nothing in a file can therefore move the cursor of a terminal or
/// imitate a line printed by the tool.
///
/// A backslash is unchanged. Escaping text that is already escaped therefore has no effect, so a whole message can be
/// escaped even if some of its parts already were.
extension String {
    package init(escaping bytes: some Sequence<UInt8>) {
        self = ""
        let bytes = Array(bytes)
        var (position, source) = (0, bytes.makeIterator())
        var parser = UTF8.ForwardParser()
        while true {
            switch parser.parseScalar(from: &source) {
            case .valid(let encoded):
                unicodeScalars.append(contentsOf: UTF8.decode(encoded).escaped)
                position += encoded.count
            case .error(let length):
                for byte in bytes[position..<position + length] { self += "\\x" + byte.twoDigits }
                position += length
            case .emptyInput:
                return
            }
        }
    }

    /// The first `head` and the last `tail` scalars, with three dots in place of the omitted ones.
    package func shortened(head: Int, tail: Int) -> String {
        let scalars = unicodeScalars
        guard scalars.count > head + tail else { return self }
        var text = String.UnicodeScalarView(scalars.prefix(head))
        text.append(contentsOf: "...".unicodeScalars)
        text.append(contentsOf: scalars.suffix(tail))
        return String(text)
    }
}

extension Collection<UInt8> {
    /// The first `excerptLength` scalars of external text, for a message, because a cell of a file may hold a megabyte.
    package var excerpt: String {
        // A scalar has at most four bytes. One scalar more than is shown is enough to detect that something is left
        // out.
        String(escaping: prefix(4 * (excerptLength + 1))).shortened(head: excerptLength, tail: 0)
    }
}

private let excerptLength = 40

extension UInt8 {
    fileprivate var twoDigits: String { (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true) }
}

extension Unicode.Scalar {
    fileprivate var escaped: String.UnicodeScalarView {
        switch self {
        case "\n": "\\n".unicodeScalars
        case "\r": "\\r".unicodeScalars
        case "\t": "\\t".unicodeScalars
        case _ where isPrintable: String.UnicodeScalarView([self])
        case _ where isASCII: ("\\x" + UInt8(value).twoDigits).unicodeScalars
        default: ("\\u{" + String(value, radix: 16, uppercase: true) + "}").unicodeScalars
        }
    }

    private var isPrintable: Bool {
        if isASCII { return (0x20...0x7E).contains(value) }
        return switch properties.generalCategory {
        // Format characters reverse the text that follows, or have no width.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            false
        default: true
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension String {
    /// A text of the input, made harmless for a figure: one line of characters that XML allows, none of which acts on
    /// the text around it, and not too many of them for a tooltip.
    var shownInFigure: String {
        let most = 500
        var allowed = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(most) {
            allowed.append(scalar.isShownInFigure ? scalar : "\u{FFFD}")
        }
        let shown = String(
            String(allowed).map { $0.unicodeScalars.count <= Self.mostScalars ? $0 : "\u{FFFD}" })
        if shown.allSatisfy(\.isWhitespace) { return "\"\(shown)\"" }
        return unicodeScalars.dropFirst(most).isEmpty ? shown : shown + "…"
    }

    /// The longest emoji that are recommended for interchange have ten scalars. A longer character is a pile of accents
    /// that covers other lines.
    private static let mostScalars = 10

    /// The text as character data or as the value of an attribute.
    var escapedForXML: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension Unicode.Scalar {
    /// False for control characters and noncharacters, most of which XML 1.0 forbids (section 2.2), and for the
    /// embeddings, overrides and isolates of bidirectional text, which would reorder what follows the text.
    fileprivate var isShownInFigure: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default:
            !properties.isNoncharacterCodePoint && !(0x202A...0x202E ~= value) && !(0x2066...0x2069 ~= value)
        }
    }
}

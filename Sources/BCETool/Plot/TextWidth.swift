// SPDX-License-Identifier: Apache-2.0

/// Estimates of how wide a text is, in units of its font size. The fonts of the reader are not known, so that the
/// estimates are those of DejaVu Sans, which is wider than the other common sans-serif fonts.
extension String {
    var width: Double { reduce(0) { $0 + $1.width } }

    /// The text if it is at most `width` wide, or else its beginning and an ellipsis.
    func shortened(toWidth width: Double) -> String {
        var (used, end) = (0.0, startIndex)
        let ellipsis: Character = "…"
        for index in indices {
            used += self[index].width
            if used > width { return String(self[..<end]) + String(ellipsis) }
            if used + ellipsis.width <= width { end = self.index(after: index) }
        }
        return self
    }
}

extension Character {
    fileprivate var width: Double {
        switch self {
        case " ", "i", "j", "l", "I", "f", "t", "r", ".", ",", ":", ";", "'", "|", "!", "(", ")", "[", "]",
            "/", "\\", "-":
            0.42
        case "m", "M", "w", "W", "%", "@", "…": 1
        case "A"..."Z", "+", "=", "<", ">", "~", "&", "#", "^": 0.84
        case "\0"..."\u{7F}": 0.64
        // Ideographs are 1 wide, emoji at most 1.4.
        case _ where unicodeScalars.contains { $0.value >= 0x1F000 }: 1.4
        default: 1
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// Messages of the tool on standard error. A message that cannot be written is not reported anywhere.
package enum Message {
    /// About 4 KB in total.
    private static let (head, tail) = (3_000, 1_000)

    package static func write(_ text: String) { writeUnescaped(shown(text) + "\n") }

    /// Writes the text as it is: a progress bar contains escape sequences.
    static func writeUnescaped(_ text: String) {
        var text = text
        text.withUTF8 { try? unsafe writeAll(UnsafeRawBufferPointer($0), to: 2) }
    }

    /// Escapes each line separately, so that a newline in an argument does not become a newline of the message.
    static func shown(_ text: String) -> String {
        text.shortened(head: head, tail: tail).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { String(escaping: String($0).argumentBytes()) }
            .joined(separator: "\n")
            .shortened(head: head, tail: tail)
    }
}

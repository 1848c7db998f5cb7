// SPDX-License-Identifier: Apache-2.0

/// How the fields of a .csv file are separated, and whether its first row names the columns.
struct CSVDialect {
    let hasHeader: Bool
    let delimiter: UInt8

    static let quote = UInt8(ascii: "\"")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    /// The limit of Python's csv module, in bytes. It prevents an unclosed quote from consuming the whole file.
    static let longestField = 131_072

    /// In bytes, enough for a header of a million columns. Without a limit, a file without line feeds would be held in
    /// memory as a whole.
    static let longestRow = 1 << 24
}

// SPDX-License-Identifier: Apache-2.0

/// The fields of a .csv file in order (RFC 4180, strictly). Anything that other readers interpret in different ways is
/// an error, reported with its position. A quote may open only at the beginning of a field, and the closing quote must
/// be followed by a comma or the end of the line. Lines end with LF or CR LF, and blank lines are not allowed.
struct CSVFields {
    /// What followed the last field.
    enum End { case comma, line, file }

    let path: FilePath
    private var reader: ByteReader
    /// The last field without its quotes.
    private(set) var field: [UInt8] = []
    /// Where the last field begins, counting from 1.
    private(set) var line = 1
    private(set) var column = 0
    /// Where the next field begins.
    private(set) var nextLine = 1
    private var end = End.line

    /// As in Python's csv module: an unclosed quote should not consume the whole file.
    private static let longestField = 131_072
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(_ file: InputFile) throws {
        path = file.path
        reader = try ByteReader(file)
        field.reserveCapacity(Self.longestField + 1)
        // Skips a byte order mark, which spreadsheets write.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if file.size >= mark.count, try Self.begins(file, with: mark) {
            for _ in mark { _ = try reader.take() }
        }
    }

    /// The number of bytes read so far.
    var position: Int { reader.consumed }

    /// Whether another row follows.
    mutating func hasRow() throws -> Bool { try reader.peek() != nil }

    /// Reads the next field: of this row or, if the last field ended the row, of the next one.
    mutating func next() throws -> End {
        column = end == .comma ? column + 1 : 1
        line = nextLine
        field.removeAll(keepingCapacity: true)
        if try reader.peek() == Self.quote {
            end = try quoted()
        } else {
            end = try plain()
            guard !field.isEmpty || column > 1 || end != .line else { throw error("a blank line") }
        }
        return end
    }

    /// Reads a row.
    ///
    /// - Returns: the number of its fields.
    mutating func skipRow() throws -> Int {
        while try next() == .comma {}
        return column
    }

    /// An error at the last field.
    func error(_ text: String) -> ToolError {
        ToolError("\(path), line \(line), column \(column): \(text)")
    }

    private mutating func plain() throws -> End {
        while true {
            try reader.take(
                atMost: Self.longestField - field.count,
                until: { $0 <= Self.carriageReturn || $0 == Self.quote || $0 == Self.comma }, to: &field)
            switch try reader.take() {
            case nil: return .file
            case Self.comma?: return .comma
            case Self.newline?:
                nextLine += 1
                return .line
            case Self.carriageReturn?: return try lineFeed()
            case Self.quote?:
                throw error(
                    "a quote in a field that does not begin with one: \"\((field + [Self.quote]).excerpt)\"")
            case let byte?: try append(byte)
            }
        }
    }

    private mutating func quoted() throws -> End {
        _ = try reader.take()
        while let byte = try reader.take() {
            guard byte == Self.quote else {
                if byte == Self.newline { nextLine += 1 }
                try append(byte)
                continue
            }
            switch try reader.take() {
            case Self.quote?: try append(Self.quote)
            case Self.comma?: return .comma
            case Self.newline?:
                nextLine += 1
                return .line
            case Self.carriageReturn?: return try lineFeed()
            case nil: return .file
            case let other?:
                let text = "\"" + (field + [Self.quote, other]).excerpt
                throw error("text behind a closing quote: \(text)")
            }
        }
        throw error("a quote that never closes: \"\(field.excerpt)")
    }

    /// Reads the line feed that must follow a carriage return.
    private mutating func lineFeed() throws -> End {
        guard try reader.take() == Self.newline else {
            throw error("a carriage return that no line feed follows, behind \"\(field.excerpt)\"")
        }
        nextLine += 1
        return .line
    }

    private mutating func append(_ byte: UInt8) throws {
        guard byte != 0 else { throw error("a NUL byte behind \"\(field.excerpt)\"") }
        guard field.count < Self.longestField else {
            throw error(
                "a field longer than \(Self.longestField) bytes (a quote that never closes?): "
                    + "\"\(field.excerpt)\"")
        }
        field.append(byte)
    }

    private static func begins(_ file: InputFile, with mark: [UInt8]) throws -> Bool {
        var bytes = mark
        try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read($0, at: 0) }
        return bytes == mark
    }
}

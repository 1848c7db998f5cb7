// SPDX-License-Identifier: Apache-2.0

/// Reads the fields of a row in order, strictly according to RFC 4180. Anything that other readers interpret in
/// different ways is an error, reported with its position. A quote may open only at the beginning of a field, and the
/// closing quote must be followed by a delimiter or the end of the line. Lines end with LF or CR LF, and blank lines
/// are not allowed.
///
/// It is used for the header, and for rows that `OrdinaryRow` does not read.
@unsafe
struct CSVFields {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let delimiter: UInt8
    /// The field that was read last, without its quotes.
    private(set) var field: [UInt8] = []
    /// The number of line feeds that were read before the field, and the number of the field in its row, from 1.
    private(set) var line = 0
    private(set) var column = 0
    /// Where the next field begins.
    private(set) var position: Int
    private(set) var nextLine = 0

    /// - Parameter bytes: rows. The last one ends with a line feed, unless it has been cut off, which is an error.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int, _ delimiter: UInt8) {
        unsafe self.bytes = bytes
        unsafe self.position = position
        unsafe self.delimiter = delimiter
    }

    /// Reads the next field of the row.
    ///
    /// - Returns: whether another field follows in the row.
    mutating func next() throws(CSVProblem) -> Bool {
        unsafe column += 1
        unsafe line = nextLine
        unsafe field.removeAll(keepingCapacity: true)
        guard unsafe position < bytes.count else { throw unsafe cutOff }
        if unsafe bytes[position] == CSVDialect.quote { return unsafe try quoted() }
        let continues = unsafe try plain()
        guard unsafe !field.isEmpty || column > 1 || continues else { throw unsafe problem("a blank line") }
        return continues
    }

    /// A problem with the field that was read last.
    func problem(_ text: String) -> CSVProblem {
        unsafe CSVProblem(line: line, column: column, kind: .text(text))
    }

    /// The row goes on, but only its beginning was read.
    private var cutOff: CSVProblem { unsafe problem("a row longer than \(CSVDialect.longestRow) bytes") }

    private mutating func take() -> UInt8? {
        guard unsafe position < bytes.count else { return nil }
        defer { unsafe position += 1 }
        return unsafe bytes[position]
    }

    private mutating func plain() throws(CSVProblem) -> Bool {
        while let byte = unsafe take() {
            switch byte {
            case unsafe delimiter: return true
            case CSVDialect.newline: return unsafe endLine()
            case CSVDialect.carriageReturn: return unsafe try lineFeed()
            case CSVDialect.quote:
                let text = unsafe (field + [byte]).excerpt
                throw unsafe problem("a quote in a field that does not begin with one: \"\(text)\"")
            default: unsafe try append(byte)
            }
        }
        throw unsafe cutOff
    }

    private mutating func quoted() throws(CSVProblem) -> Bool {
        _ = unsafe take()
        while let byte = unsafe take() {
            guard byte == CSVDialect.quote else {
                if byte == CSVDialect.newline { unsafe nextLine += 1 }
                unsafe try append(byte)
                continue
            }
            switch unsafe take() {
            case nil: throw unsafe cutOff
            case CSVDialect.quote: unsafe try append(byte)
            case unsafe delimiter: return true
            case CSVDialect.newline: return unsafe endLine()
            case CSVDialect.carriageReturn: return unsafe try lineFeed()
            case let other?:
                let text = unsafe "\"" + (field + [byte, other]).excerpt
                throw unsafe problem("text after a closing quote: \(text)")
            }
        }
        throw unsafe problem("a quote that never closes: \"\(field.excerpt)")
    }

    /// Reads the line feed that must follow a carriage return.
    private mutating func lineFeed() throws(CSVProblem) -> Bool {
        guard unsafe take() == CSVDialect.newline else {
            throw unsafe problem("a carriage return without a line feed, after \"\(field.excerpt)\"")
        }
        return unsafe endLine()
    }

    private mutating func endLine() -> Bool {
        unsafe nextLine += 1
        return false
    }

    private mutating func append(_ byte: UInt8) throws(CSVProblem) {
        guard byte != 0 else { throw unsafe problem("a NUL byte after \"\(field.excerpt)\"") }
        guard unsafe field.count < CSVDialect.longestField else {
            throw unsafe problem(
                "a field longer than \(CSVDialect.longestField) bytes (a quote that never closes?): "
                    + "\"\(field.excerpt)\"")
        }
        unsafe field.append(byte)
    }
}

import Foundation

/// One column of numbers of a .csv file (RFC 4180): a byte scanner over the mapped file that makes no String but for a
/// header or an error. SwiftCSV 0.10 took 1.5 s for a file of a million rows and two columns, this takes 0.2 s.
@safe
struct CSVColumn {
    private let path: String
    private let bytes: UnsafeRawBufferPointer
    private let start: Int
    private let emptyCell: Double?
    private var position: Int
    private var line = 0
    /// The field that was read last, unquoted, and a zero behind it for the C library.
    private var field: [UInt8] = []

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// - Parameters:
    ///   - column: the name in the header, a number from 1, or nil for a file with one column.
    ///   - emptyCell: what a cell without text means; nil where it is an error.
    static func read(_ file: MappedFile, column: String?, emptyCell: Double?) throws -> [Double] {
        var scanner = unsafe CSVColumn(path: file.path, bytes: file.bytes, emptyCell: emptyCell)
        return try scanner.read(column)
    }

    private init(path: String, bytes: UnsafeRawBufferPointer, emptyCell: Double?) {
        self.path = path
        self.emptyCell = emptyCell
        unsafe self.bytes = bytes
        // A byte order mark, as spreadsheets write it.
        start = unsafe bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        position = start
    }

    private mutating func read(_ column: String?) throws -> [Double] {
        let header = try firstRow()
        let hasHeader = header.contains { Double($0.trimmingCharacters(in: .whitespaces)) == nil }
        let index = try self.index(of: column, in: header, hasHeader: hasHeader)
        if !hasHeader { (position, line) = (start, 0) }
        var values: [Double] = []
        var progress = unsafe Progress("reading \(path)", total: bytes.count)
        defer { progress.finish() }
        while let value = try nextNumber(index, columns: header.count) {
            values.append(value)
            if values.count & 0xffff == 0 { progress.advance(to: position) }
        }
        guard !values.isEmpty else { throw ToolError("\(path): no row of numbers") }
        return values
    }

    private mutating func firstRow() throws -> [String] {
        skipBlankLines()
        guard unsafe position < bytes.count else { throw ToolError("\(path): the file is empty") }
        line += 1
        var fields: [String] = []
        repeat {
            try nextField(keep: true)
            fields.append(String(decoding: field, as: UTF8.self))
        } while !endOfRow()
        return fields
    }

    private func index(of column: String?, in header: [String], hasHeader: Bool) throws -> Int {
        guard let column else {
            guard header.count == 1 else {
                throw ToolError("\(path): \(header.count) columns, name one: \(path):COLUMN")
            }
            return 0
        }
        if hasHeader, let index = header.firstIndex(of: column) { return index }
        if let number = Int(column), (1...header.count).contains(number) { return number - 1 }
        throw ToolError(
            "\(path): no column \"\(column)\"" + (hasHeader ? ", only \(header.joined(separator: ", "))" : "")
        )
    }

    /// The number in column `index` of the next row, or nil at the end.
    private mutating func nextNumber(_ index: Int, columns: Int) throws -> Double? {
        skipBlankLines()
        guard unsafe position < bytes.count else { return nil }
        line += 1
        let start = line
        var (value, column) = (0.0, 0)
        repeat {
            try nextField(keep: column == index)
            if column == index { value = try number(column + 1) }
            column += 1
        } while !endOfRow()
        guard column == columns else {
            throw ToolError("\(path), line \(start): \(column) columns, expected \(columns)")
        }
        return value
    }

    private mutating func number(_ column: Int) throws -> Double {
        if field.isEmpty, let emptyCell { return emptyCell }
        field.append(0)
        let parsed: Double? = unsafe field.withUnsafeBufferPointer { buffer in
            let text = unsafe UnsafeRawPointer(buffer.baseAddress!).assumingMemoryBound(to: CChar.self)
            var end: UnsafeMutablePointer<CChar>?
            let value = unsafe strtod(text, &end)
            guard var rest = unsafe end, unsafe rest != UnsafeMutablePointer(mutating: text) else {
                return nil
            }
            while unsafe rest.pointee == 32 || rest.pointee == 9 { unsafe rest += 1 }
            return unsafe rest == UnsafeMutablePointer(mutating: text) + (buffer.count - 1) ? value : nil
        }
        guard let parsed else {
            let text = String(decoding: field.dropLast(), as: UTF8.self)
            throw ToolError("\(path), line \(line), column \(column): \"\(text.excerpt)\" is not a number")
        }
        return parsed
    }

    /// Moves to the comma, the line's end or the file's end behind the next field, and keeps its bytes if they are
    /// wanted.
    private mutating func nextField(keep: Bool) throws {
        field.removeAll(keepingCapacity: true)
        var quoted = false
        let start = line
        while unsafe position < bytes.count {
            let byte = unsafe bytes[position]
            if byte == Self.quote {
                // A doubled quote inside quotes is one quote.
                if quoted, unsafe position + 1 < bytes.count, unsafe bytes[position + 1] == Self.quote {
                    position += 1
                    if keep { field.append(byte) }
                } else {
                    quoted.toggle()
                }
            } else if !quoted, byte == Self.comma || byte == Self.newline {
                break
            } else {
                if byte == Self.newline { line += 1 }
                if keep { field.append(byte) }
            }
            position += 1
        }
        guard !quoted else { throw ToolError("\(path), line \(start): a quote that never closes") }
        if field.last == Self.carriageReturn { field.removeLast() }
    }

    /// Steps over what ended a field; whether it was the row's end.
    private mutating func endOfRow() -> Bool {
        guard unsafe position < bytes.count else { return true }
        position += 1
        return unsafe bytes[position - 1] == Self.newline
    }

    private mutating func skipBlankLines() {
        while unsafe position < bytes.count,
            unsafe bytes[position] == Self.newline || bytes[position] == Self.carriageReturn
        {
            if unsafe bytes[position] == Self.newline { line += 1 }
            position += 1
        }
    }
}

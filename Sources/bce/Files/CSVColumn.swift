import Foundation

/// One column of numbers of a .csv file (RFC 4180): a byte scanner over the mapped file.
///
/// Not SwiftCSV: it makes a dictionary of strings for each row and takes the whole text as a String first, where this
/// reads a file of a gigabyte without a copy of it.
@safe
struct CSVColumn {
    private let path: String
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var line = 0

    /// - Parameter column: the name in the header, a number from 1, or nil for a file with one column.
    static func read(_ file: MappedFile, column: String?) throws -> [Double] {
        var scanner = unsafe CSVColumn(path: file.path, bytes: file.bytes)
        return try scanner.read(column)
    }

    private init(path: String, bytes: UnsafeRawBufferPointer) {
        self.path = path
        unsafe self.bytes = bytes
        // A byte order mark, as spreadsheets write it.
        if unsafe bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    private mutating func read(_ column: String?) throws -> [Double] {
        guard let first = try nextRow() else { throw ToolError("\(path): the file is empty") }
        let hasHeader = first.contains { Double($0.trimmingCharacters(in: .whitespaces)) == nil }
        let index = try self.index(of: column, in: first, hasHeader: hasHeader)
        var values: [Double] = []
        if !hasHeader { values.append(try number(first, index)) }
        while let row = try nextRow() {
            guard row.count == first.count else {
                throw ToolError("\(path), line \(line): \(row.count) columns, expected \(first.count)")
            }
            values.append(try number(row, index))
        }
        guard !values.isEmpty else { throw ToolError("\(path): no row of numbers") }
        return values
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

    private func number(_ row: [String], _ index: Int) throws -> Double {
        let text = row[index].trimmingCharacters(in: .whitespaces)
        guard let value = Double(text) else {
            throw ToolError("\(path), line \(line), column \(index + 1): \"\(text)\" is not a number")
        }
        return value
    }

    /// The fields of the next line that is not blank, or nil at the end.
    private mutating func nextRow() throws -> [String]? {
        while unsafe position < bytes.count {
            line += 1
            let fields = try nextFields()
            if fields != [""] { return fields }
        }
        return nil
    }

    private mutating func nextFields() throws -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var quoted = false
        let start = line
        while unsafe position < bytes.count {
            let byte = unsafe bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                // A doubled quote inside quotes is one quote.
                if quoted, unsafe position < bytes.count, unsafe bytes[position] == byte {
                    field.append(byte)
                    position += 1
                } else {
                    quoted.toggle()
                }
            case UInt8(ascii: ",") where !quoted:
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
            case UInt8(ascii: "\n") where !quoted:
                if field.last == UInt8(ascii: "\r") { field.removeLast() }
                return fields + [String(decoding: field, as: UTF8.self)]
            default:
                if byte == UInt8(ascii: "\n") { line += 1 }
                field.append(byte)
            }
        }
        guard !quoted else { throw ToolError("\(path), line \(start): a quote that never closes") }
        if field.last == UInt8(ascii: "\r") { field.removeLast() }
        return fields + [String(decoding: field, as: UTF8.self)]
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The first row of a .csv file. It names the columns or, in a file without a header, only shows how many there are.
/// Since it may have a million fields, only its text is kept, and is searched for each name that is wanted.
struct CSVHeader {
    let path: FilePath
    let dialect: CSVDialect
    private(set) var count = 0
    /// The index of the byte where the rows of numbers begin, and the number of lines before it.
    private(set) var end = 0
    private(set) var lines = 0
    private var text: [UInt8] = []
    private var firstNames: [String] = []
    private var isOfNumbers = true

    private static let namesInMessages = 10
    /// The byte order mark of UTF-8, with which spreadsheets begin a file.
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    init(_ block: CSVBlock, _ dialect: CSVDialect, _ path: FilePath) throws {
        self.path = path
        self.dialect = dialect
        try unsafe block.withBytes { bytes in
            let start = unsafe bytes.starts(with: Self.mark) ? Self.mark.count : 0
            guard unsafe bytes.count > start + 1 || bytes[start] != CSVDialect.newline || start == 0 else {
                throw ToolError("\(path): the file is empty")
            }
            var fields = unsafe CSVFields(bytes, from: start, dialect.delimiter)
            do throws(CSVProblem) {
                var continues = true
                while continues {
                    continues = unsafe try fields.next()
                    unsafe add(fields.field)
                }
            } catch {
                throw error.error(in: path, lines: 0, rows: 0)
            }
            text = unsafe Array(bytes[start..<fields.position])
            guard dialect.hasHeader else { return end = start }
            (end, lines) = unsafe (fields.position, fields.nextLine)
        }
    }

    /// Tells the user if the header consists of numbers, and may therefore be data.
    func noteNumbers() {
        guard dialect.hasHeader, isOfNumbers else { return }
        Message.write(
            "Note: \(path): the first row, \(names), is taken as the header; with --no-header it is read as data"
        )
    }

    private mutating func add(_ name: [UInt8]) {
        count += 1
        if isOfNumbers, case .notANumber = CSVNumber(name) { isOfNumbers = false }
        if firstNames.count < Self.namesInMessages { firstNames.append(name.excerpt) }
    }

    /// The index of a column.
    ///
    /// - Parameter wanted: its name, or its number starting from 1; nil for the only column.
    func index(of wanted: [UInt8]?) throws -> Int {
        guard let wanted else {
            guard count == 1 else { throw ToolError("\(path): \(count) columns, name one: \(path):COLUMN") }
            return 0
        }
        if dialect.hasHeader {
            let matches = columns(named: wanted)
            if matches.count > 1 {
                throw ToolError(
                    "\(path): columns \(matches[0]) and \(matches[1]) are both named \"\(wanted.excerpt)\": "
                        + "give a number, \(path):\(matches[0])")
            }
            if let match = matches.first { return match - 1 }
        }
        if let number = Int(String(decoding: wanted, as: UTF8.self)), (1...count).contains(number) {
            return number - 1
        }
        throw ToolError(
            "\(path): no column \"\(wanted.excerpt)\", "
                + (dialect.hasHeader ? "only \(names)" : "without a header they are 1 to \(count)"))
    }

    /// The numbers, from 1, of all columns with this name.
    private func columns(named name: [UInt8]) -> [Int] {
        unsafe text.withUnsafeBufferPointer { text in
            var fields = unsafe CSVFields(text, from: 0, dialect.delimiter)
            var matches: [Int] = []
            for column in 1...count {
                // The same text has already been read without an error.
                _ = unsafe try? fields.next()
                if unsafe fields.field == name { matches.append(column) }
            }
            return matches
        }
    }

    private var names: String {
        firstNames.joined(separator: ", ") + (count > firstNames.count ? ", ... (\(count) columns)" : "")
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The first row of a .csv file. It may have a million fields, so it keeps only what a result or an error message
/// needs.
struct CSVHeader {
    private(set) var count = 0
    private var isOfNumbers = true
    /// The columns, counting from 1, that have the wanted name; at most two are kept.
    private var matches: [Int] = []
    private var firstNames: [String] = []
    private let path: FilePath
    private let wanted: [UInt8]?

    private static let namesInMessages = 10

    /// - Parameter wanted: the name of a column, or its number starting from 1; nil for a file with one column.
    init(_ fields: inout CSVFields, wanted: [UInt8]?) throws {
        path = fields.path
        self.wanted = wanted
        var end: CSVFields.End
        repeat {
            end = try fields.next()
            add(fields.field)
        } while end == .comma
    }

    private mutating func add(_ name: [UInt8]) {
        count += 1
        if case .notANumber = CSVNumber(name) { isOfNumbers = false }
        if name == wanted, matches.count < 2 { matches.append(count) }
        if firstNames.count < Self.namesInMessages { firstNames.append(name.excerpt) }
    }

    /// The index of the wanted column.
    func index() throws -> Int {
        if isOfNumbers {
            Message.write(
                "Note: \(path): the first row, \(names), is taken as the header; with --no-header it counts")
        }
        guard let wanted else { return try Self.onlyColumn(of: count, path) }
        if matches.count == 2 {
            throw ToolError(
                "\(path): columns \(matches[0]) and \(matches[1]) are both named \"\(wanted.excerpt)\": "
                    + "give a number, \(path):\(matches[0])")
        }
        if let match = matches.first { return match - 1 }
        if let index = Self.index(wanted, of: count) { return index }
        throw ToolError("\(path): no column \"\(wanted.excerpt)\", only \(names)")
    }

    private var names: String {
        firstNames.joined(separator: ", ") + (count > firstNames.count ? ", ... (\(count) columns)" : "")
    }

    /// The index of the wanted column in a file without a header.
    static func index(
        withoutHeader wanted: [UInt8]?, of count: Int, _ path: FilePath
    ) throws -> Int {
        guard let wanted else { return try onlyColumn(of: count, path) }
        guard let index = index(wanted, of: count) else {
            throw ToolError(
                "\(path): no column \"\(wanted.excerpt)\", without a header they are 1 to \(count)")
        }
        return index
    }

    private static func onlyColumn(of count: Int, _ path: FilePath) throws -> Int {
        guard count == 1 else { throw ToolError("\(path): \(count) columns, name one: \(path):COLUMN") }
        return 0
    }

    private static func index(_ wanted: [UInt8], of count: Int) -> Int? {
        guard let number = Int(String(decoding: wanted, as: UTF8.self)), (1...count).contains(number) else {
            return nil
        }
        return number - 1
    }
}

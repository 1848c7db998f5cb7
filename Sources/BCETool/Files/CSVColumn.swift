// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One column of numbers of a .csv file, held in memory.
final class CSVColumn {
    private(set) var count = 0
    private var values: Buffer<Double>
    private let file: InputFile

    /// - Parameter column: the name in the header, a number starting from 1, or nil for a file with one column.
    init(_ file: InputFile, column wanted: [UInt8]?, _ options: CSVOptions) throws {
        self.file = file
        // A row has at least two bytes.
        values = try Buffer(count: min(1 << 16, file.size), for: file.path)
        var fields = try CSVFields(file)
        guard try fields.hasRow() else { throw ToolError("\(file.path): the file is empty") }
        if options.hasHeader {
            let header = try CSVHeader(&fields, wanted: wanted)
            try read(&fields, index: header.index(), columns: header.count, options)
        } else {
            // The first row determines the number of columns, and is then read again as numbers.
            var first = try CSVFields(file)
            let columns = try first.skipRow()
            let index = try CSVHeader.index(withoutHeader: wanted, of: columns, file.path)
            try read(&fields, index: index, columns: columns, options)
        }
        try file.checkUnchanged()
    }

    func copy(_ range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) {
        values.withSpan(range) { unsafe $0.withUnsafeBytes { unsafe bytes.copyMemory(from: $0) } }
    }

    private func read(
        _ fields: inout CSVFields, index: Int, columns: Int, _ options: CSVOptions
    ) throws {
        var progress = Progress("reading \(file.path)", total: file.size)
        defer { progress.finish() }
        while try fields.hasRow() {
            try append(Self.number(&fields, index: index, columns: columns, options))
            if count & 0xffff == 0 { progress.advance(to: fields.position) }
        }
        guard count > 0 else { throw ToolError("\(file.path): no row of numbers") }
    }

    /// The number in column `index` of the next row.
    private static func number(
        _ fields: inout CSVFields, index: Int, columns: Int, _ options: CSVOptions
    ) throws -> Double {
        var (number, column, end) = (0.0, 0, CSVFields.End.comma)
        var failure: ToolError?
        let line = fields.nextLine
        while end == .comma {
            end = try fields.next()
            if column == index {
                do throws(ToolError) { number = try Self.number(fields, options) } catch { failure = error }
            }
            column += 1
        }
        guard column == columns else {
            throw ToolError("\(fields.path), line \(line): \(column) columns, expected \(columns)")
        }
        if let failure { throw failure }
        return number
    }

    private static func number(_ fields: CSVFields, _ options: CSVOptions) throws(ToolError) -> Double {
        if fields.field.isEmpty, let empty = options.emptyCell { return empty }
        switch CSVNumber(fields.field) {
        case .number(let number): return number
        case .notANumber: throw fields.error("\"\(fields.field.excerpt)\" is not a number")
        case .beyondRange:
            throw fields.error(
                "\"\(fields.field.excerpt)\" is beyond the range of numbers (infinity is written inf)")
        }
    }

    private func append(_ value: Double) throws {
        if count == values.count {
            let larger = try Buffer<Double>(count: 2 * count, for: file.path)
            values.withSpan(0..<count) { values in
                unsafe larger.withMutableBytes(0..<count) { larger in
                    unsafe values.withUnsafeBytes { unsafe larger.copyMemory(from: $0) }
                }
            }
            values = larger
        }
        values[count] = value
        count += 1
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The place of a number in a .csv file.
struct CSVPlace: CustomStringConvertible {
    let path: FilePath
    /// Both count from 1.
    let line: Int
    let column: Int
    let text: String

    var description: String { "\(path), line \(line), column \(column): \"\(text)\"" }
}

extension CSVScan {
    /// Finds the place of a number by reading the file once more.
    ///
    /// - Parameters:
    ///   - row: the number of rows of numbers before it.
    ///   - plan: what was read from each row. The number is the first one.
    /// - Returns: nil if the row no longer exists.
    func place(ofRow row: Int, _ plan: CSVPlan) throws -> CSVPlace? {
        let reader = CSVRowReader(plan: plan, keys: nil)
        let rows = try CSVRows(plan, for: header.path)
        var (rowsBefore, linesBefore, start) = (0, header.lines, header.end)
        let block = first
        repeat {
            let lines = try reader.read(block, from: start, into: rows)
            if row < rowsBefore + rows.count {
                return try unsafe block.withBytes { bytes in
                    var unusual = unsafe try UnusualRow(plan, bytes, from: start)
                    for _ in rowsBefore..<row {
                        linesBefore += unusual.lines
                        unusual = unsafe try UnusualRow(plan, bytes, from: unusual.end)
                    }
                    let place = unusual.places[0]
                    return CSVPlace(
                        path: header.path, line: linesBefore + place.line + 1, column: place.column,
                        text: place.text.excerpt)
                }
            }
            (rowsBefore, linesBefore, start) = (rowsBefore + rows.count, linesBefore + lines, 0)
        } while try blocks.withLock { try $0.next(into: block) }
        return nil
    }
}

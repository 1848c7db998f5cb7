// SPDX-License-Identifier: Apache-2.0

/// Reads the rows of a block. A row of ordinary fields is read in one pass over its bytes. One with anything unusual (a
/// quote within quotes, a line feed within a field, a mistake) is read again as an `UnusualRow`, which follows the
/// rules to the letter and reports what is wrong.
struct CSVRowReader {
    let plan: CSVPlan
    /// The group names, if there are groups.
    let keys: KeyTable?

    /// Reads the rows of `block` from the byte `start` on.
    ///
    /// - Returns: the number of lines, which may exceed the number of rows.
    func read(_ block: CSVBlock, from start: Int, into rows: CSVRows) throws -> Int {
        try rows.makeRoom(for: block.count)
        let steps = unsafe OrdinaryRow.steps(plan, rows)
        return try unsafe block.withBytes { bytes in
            try unsafe steps.withUnsafeBufferPointer { steps in
                let ordinary = unsafe OrdinaryRow(plan, steps, keys, rows)
                return try unsafe read(bytes, from: start, ordinary, into: rows)
            }
        }
    }

    private func read(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ ordinary: OrdinaryRow, into rows: CSVRows
    ) throws -> Int {
        var place = unsafe bytes.baseAddress! + start
        let end = unsafe bytes.baseAddress! + bytes.count
        var (row, extraLines) = (0, 0)
        while unsafe place < end {
            if let next = try unsafe ordinary.read(place, row) {
                unsafe place = next
            } else {
                let start = unsafe place - bytes.baseAddress!
                let unusual = try unsafe unusualRow(bytes, from: start, after: row + extraLines, row)
                try rows.set(row, to: unusual, keys)
                extraLines += unusual.lines - 1
                unsafe place = bytes.baseAddress! + unusual.end
            }
            row &+= 1
        }
        rows.finish(row)
        return row + extraLines
    }

    private func unusualRow(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, after lines: Int, _ row: Int
    ) throws -> UnusualRow {
        do throws(CSVProblem) {
            return try unsafe UnusualRow(plan, bytes, from: start)
        } catch {
            var problem = error
            problem.line += lines
            problem.row = row
            throw problem
        }
    }
}

extension CSVRows {
    fileprivate func set(_ row: Int, to unusual: UnusualRow, _ keys: KeyTable?) throws {
        for (buffer, number) in zip(numbers, unusual.numbers) { buffer[row] = number }
        if let keys { groups[row] = try keys.number(of: unusual.key) }
    }
}

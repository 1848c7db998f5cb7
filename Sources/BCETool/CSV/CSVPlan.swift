// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// What is read from each row of a .csv file.
struct CSVPlan {
    let dialect: CSVDialect
    /// The number of fields in each row.
    let columns: Int
    /// The columns of numbers, in the order in which `CSVRows` stores them.
    let numbers: [CSVNumberColumn]
    /// The index of the column of group names.
    let key: Int?
    /// A row whose target is one of these does not count, and its other numbers may have any value.
    var missing = BinaryCrossEntropy.MissingTargets.never

    /// The most rows that `bytes` bytes can hold: a row has at least as many bytes as fields, and a single field is
    /// not empty.
    func mostRows(inBytes bytes: Int) -> Int { bytes / max(columns, 2) + 1 }
}

/// A column of numbers and what they may be.
struct CSVNumberColumn {
    let index: Int
    let role: FileRole
    /// The values that a row which counts may have; nil if they are checked later.
    var domain: Domain?
    /// What an empty cell means; nil if it is an error.
    var emptyCell: Double?

    /// Targets and masks are often written as words.
    var allowsBooleans: Bool { role == .targets || role == .mask }

    /// The number that a field without quotes stands for.
    func number(_ field: some RandomAccessCollection<UInt8>) -> CSVNumber {
        if field.isEmpty, let emptyCell { return .number(emptyCell) }
        if allowsBooleans, let boolean = CSVNumber.boolean(field) { return .number(boolean) }
        return CSVNumber(field)
    }
}

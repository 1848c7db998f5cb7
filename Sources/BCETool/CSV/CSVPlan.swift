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

    /// The index in `numbers` of the column with this role; nil if there is none.
    func number(_ role: FileRole) -> Int? { numbers.firstIndex { $0.role == role } }

    /// The largest number of rows in `bytes` bytes: one byte follows each field, and the field of a row that has only
    /// one is not empty.
    func mostRows(inBytes bytes: Int) -> Int { bytes / max(columns, 2) + 1 }
}

/// A column of numbers, and which numbers are valid in it.
struct CSVNumberColumn {
    let index: Int
    let role: FileRole
    /// The values that are valid in a row that counts; nil if they are checked later.
    var domain: Domain?
    /// The value of an empty cell; nil if it is an error.
    var emptyCell: Double?

    /// Targets and masks are often written as true and false.
    var allowsBooleans: Bool { role == .targets || role == .mask }

    /// The number that a field without quotes stands for.
    func number(_ field: some RandomAccessCollection<UInt8>) -> CSVNumber {
        if field.isEmpty, let emptyCell { return .number(emptyCell) }
        if allowsBooleans, let boolean = CSVNumber.boolean(field) { return .number(boolean) }
        return CSVNumber(field)
    }
}

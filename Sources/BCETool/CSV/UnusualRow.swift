// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// A row that is read field by field, strictly according to the rules.
struct UnusualRow {
    private(set) var numbers: [Double]
    private(set) var key: [UInt8] = []
    /// The number of lines of the row, and where the next row begins.
    private(set) var lines = 0
    private(set) var end = 0

    /// The place of each number.
    private(set) var places: [Place]

    struct Place {
        /// The number of line feeds between the beginning of the row and the number, and its column from 1.
        var (line, column) = (0, 0)
        var text: [UInt8] = []
    }

    init(_ plan: CSVPlan, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws(CSVProblem) {
        var fields = unsafe CSVFields(bytes, from: start, plan.dialect.delimiter)
        numbers = [Double](repeating: .nan, count: plan.numbers.count)
        places = [Place](repeating: Place(), count: plan.numbers.count)
        var failure: CSVProblem?
        var continues = true
        while continues {
            continues = unsafe try fields.next()
            for (index, column) in plan.numbers.enumerated() where unsafe column.index == fields.column - 1 {
                places[index] = unsafe Place(
                    line: fields.line, column: fields.column, text: fields.field)
                do throws(CSVProblem) { numbers[index] = unsafe try Self.number(fields, column) } catch {
                    failure = failure ?? error
                }
            }
            if unsafe plan.key == fields.column - 1 { key = unsafe fields.field }
        }
        guard unsafe fields.column == plan.columns else {
            throw CSVProblem(
                line: 0, kind: .text(unsafe "\(fields.column) columns, expected \(plan.columns)"))
        }
        if let failure { throw failure }
        (lines, end) = unsafe (fields.nextLine, fields.position)
        try check(plan)
    }

    private static func number(
        _ fields: CSVFields, _ column: CSVNumberColumn
    ) throws(CSVProblem) -> Double {
        switch unsafe column.number(fields.field) {
        case .number(let number): return number
        case .notANumber: throw unsafe fields.problem("\"\(fields.field.excerpt)\" is not a number")
        case .beyondRange:
            throw unsafe fields.problem(
                "\"\(fields.field.excerpt)\" is beyond the range of numbers (infinity is written inf)")
        }
    }

    /// Throws an error if a number of a row that counts is outside its domain.
    private func check(_ plan: CSVPlan) throws(CSVProblem) {
        if let target = plan.number(.targets), plan.missing.contains(numbers[target]) { return }
        for (index, column) in plan.numbers.enumerated() {
            guard let domain = column.domain, !domain.range.contains(numbers[index]) else { continue }
            let place = places[index]
            throw CSVProblem(
                line: place.line, column: place.column,
                kind: .domain(domain, numbers[index], text: place.text.excerpt))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// Reads a row in one pass over its bytes: numbers are parsed in place, and fields that are not needed are skipped.
@unsafe
struct OrdinaryRow {
    private let steps: UnsafeBufferPointer<Step>
    private let keys: KeyTable?
    private let groups: UnsafeMutablePointer<Int32>
    private let targets: UnsafeMutablePointer<Double>?
    private let missing: BinaryCrossEntropy.MissingTargets
    private let separators: CSVSeparators
    private let decimal = unsafe CSVDecimal()
    private let columns: [CSVNumberColumn]

    typealias Place = UnsafePointer<UInt8>

    /// A field that is read. The steps are in the order of the columns.
    @unsafe
    struct Step {
        let column: Int
        /// The index of the column of numbers, and where its numbers are stored; nil for the group name.
        let number: Int
        let numbers: UnsafeMutablePointer<Double>?
        let low: Double
        let high: Double
    }

    static func steps(_ plan: CSVPlan, _ rows: CSVRows) -> [Step] {
        var steps = unsafe zip(plan.numbers.enumerated(), rows.numbers).map { column, buffer in
            unsafe Step(
                column: column.element.index, number: column.offset, numbers: buffer.baseAddress,
                low: column.element.domain?.range.lowerBound ?? -.infinity,
                high: column.element.domain?.range.upperBound ?? .infinity)
        }
        if let key = plan.key {
            unsafe steps.append(Step(column: key, number: 0, numbers: nil, low: 0, high: 0))
        }
        return unsafe steps.sorted { unsafe $0.column < $1.column }
    }

    init(_ plan: CSVPlan, _ steps: UnsafeBufferPointer<Step>, _ keys: KeyTable?, _ rows: CSVRows) {
        unsafe self.steps = steps
        unsafe self.keys = keys
        unsafe groups = rows.groups.baseAddress
        let target = plan.numbers.firstIndex { $0.role == .targets }
        unsafe targets = target.map { unsafe rows.numbers[$0].baseAddress }
        unsafe (missing, columns) = (plan.missing, plan.numbers)
        unsafe separators = CSVSeparators(plan.dialect.delimiter, columns: plan.columns)
    }

    /// Reads the row that begins at `start`.
    ///
    /// - Returns: where the next row begins, or nil if this row is not an ordinary one.
    @inline(always)
    func read(_ start: Place, _ row: Int) throws -> Place? {
        var (place, field, column) = unsafe (start, start, 0)
        var isInside = true
        for index in unsafe steps.indices {
            let step = unsafe steps[index]
            if unsafe step.column < column {
                // The previous step read the same field.
                unsafe (place, column) = (field, step.column)
            }
            while unsafe column < step.column {
                guard unsafe separators.skipField(&place), unsafe separators.pass(&place, &column) else {
                    return nil
                }
            }
            unsafe field = place
            if let numbers = unsafe step.numbers {
                guard let value = unsafe number(&place, step) else { return nil }
                unsafe numbers[row] = value
                isInside = unsafe isInside && value >= step.low && value <= step.high
            } else {
                guard let key = unsafe separators.text(&place) else { return nil }
                unsafe groups[row] = try keys!.number(of: key)
            }
            guard unsafe separators.pass(&place, &column) else { return nil }
        }
        while unsafe column < separators.columns {
            guard unsafe separators.skipField(&place), unsafe separators.pass(&place, &column) else {
                return nil
            }
        }
        guard unsafe isInside || targets.map({ unsafe missing.contains($0[row]) }) ?? false else {
            return nil
        }
        return unsafe place
    }

    @inline(always)
    private func number(_ place: inout Place, _ step: Step) -> Double? {
        // A label is a single digit.
        let digit = unsafe place[0] ^ UInt8(ascii: "0")
        if digit < 10, unsafe separators.endsField(place[1]) {
            unsafe place += 1
            return Double(digit)
        }
        let isQuoted = unsafe place[0] == CSVDialect.quote
        var end = unsafe place
        if let value = unsafe decimal.parse(isQuoted ? place + 1 : place, end: &end) {
            if isQuoted, unsafe end[0] == CSVDialect.quote { unsafe end += 1 } else if isQuoted { return nil }
            if unsafe separators.endsField(end[0]) {
                unsafe place = end
                return value
            }
        }
        return unsafe otherNumber(&place, step)
    }

    /// A number with many digits, an infinity, a NaN, a Boolean or an empty cell.
    @inline(never)
    private func otherNumber(_ place: inout Place, _ step: Step) -> Double? {
        let start = unsafe place
        guard unsafe separators.skipPlainField(&place) else { return nil }
        let field = unsafe UnsafeBufferPointer(start: start, count: place - start)
        guard case .number(let value) = unsafe columns[step.number].number(field) else { return nil }
        return value
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// Reads a row in one pass over its bytes: numbers are parsed in place, and fields that are not needed are skipped.
///
/// Each instruction here is executed for each row: a row of a name, a probability and a label takes about 165.
@unsafe
struct OrdinaryRow {
    private let firstStep: UnsafePointer<Step>
    private let endOfSteps: UnsafePointer<Step>
    /// The number of columns after the last step.
    private let rest: Int
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
        /// The number of columns between the previous step and this one; -1 if both read the same column.
        var skipped = 0
        /// What must follow the field: the delimiter or, in the last column, a line feed.
        var terminator = CSVDialect.newline
        /// The index of the column of numbers, and where its numbers are stored; nil for the group name.
        let number: Int
        let numbers: UnsafeMutablePointer<Double>?
        /// What numbers may be, and whether a number outside is a mistake: without a domain, a NaN is not.
        let isChecked: Bool
        let low: Double
        let high: Double
        /// Whether 0 and 1 are numbers that are allowed.
        let mayBeLabel: Bool
    }

    static func steps(_ plan: CSVPlan, _ rows: CSVRows) -> [Step] {
        var steps = unsafe zip(plan.numbers.enumerated(), rows.numbers).map { column, buffer in
            let range = column.element.domain?.range ?? -.infinity ... .infinity
            return unsafe Step(
                column: column.element.index, number: column.offset, numbers: buffer.baseAddress,
                isChecked: column.element.domain != nil, low: range.lowerBound, high: range.upperBound,
                mayBeLabel: range.contains(0) && range.contains(1))
        }
        if let key = plan.key {
            unsafe steps.append(
                Step(
                    column: key, number: 0, numbers: nil, isChecked: false, low: 0, high: 0, mayBeLabel: false
                ))
        }
        unsafe steps.sort { unsafe $0.column < $1.column }
        for index in unsafe steps.indices {
            let before = index == 0 ? -1 : unsafe steps[index - 1].column
            unsafe steps[index].skipped = steps[index].column - before - 1
            if unsafe steps[index].column < plan.columns - 1 {
                unsafe steps[index].terminator = plan.dialect.delimiter
            }
        }
        return unsafe steps
    }

    init(_ plan: CSVPlan, _ steps: UnsafeBufferPointer<Step>, _ keys: KeyTable?, _ rows: CSVRows) {
        unsafe firstStep = steps.baseAddress!
        unsafe endOfSteps = firstStep + steps.count
        unsafe rest = plan.columns - 1 - steps[steps.count - 1].column
        unsafe self.keys = keys
        unsafe groups = rows.groups.baseAddress
        unsafe targets = plan.number(.targets).map { unsafe rows.numbers[$0].baseAddress }
        unsafe (missing, columns) = (plan.missing, plan.numbers)
        unsafe separators = CSVSeparators(plan.dialect.delimiter)
    }

    /// Reads the row that begins at `start`.
    ///
    /// - Returns: where the next row begins, or nil if this row is not an ordinary one.
    @inline(always)
    func read(_ start: Place, _ row: Int) throws -> Place? {
        var (place, field) = unsafe (start, start)
        var isInside = true
        var step = unsafe firstStep
        while unsafe step < endOfSteps {
            if unsafe step.pointee.skipped > 0 {
                guard unsafe separators.skip(step.pointee.skipped, &place) else { return nil }
            } else if unsafe step.pointee.skipped < 0 {
                unsafe place = field
            }
            unsafe field = place
            if let numbers = unsafe step.pointee.numbers {
                // A label is a single digit, and needs no check.
                let digit = unsafe place[0] ^ UInt8(ascii: "0")
                if digit <= 1, unsafe place[1] == step.pointee.terminator, unsafe step.pointee.mayBeLabel {
                    unsafe numbers[row] = Double(Int32(digit))
                    unsafe place += 2
                } else {
                    guard let value = unsafe number(&place, step) else { return nil }
                    unsafe numbers[row] = value
                    if unsafe !(value >= step.pointee.low && value <= step.pointee.high),
                        unsafe step.pointee.isChecked
                    {
                        isInside = false
                    }
                }
            } else {
                guard let key = unsafe separators.text(&place) else { return nil }
                unsafe groups[row] = try keys!.number(of: key)
                guard unsafe separators.pass(&place, step.pointee.terminator) else { return nil }
            }
            unsafe step += 1
        }
        if unsafe rest > 0 {
            guard unsafe separators.skip(rest - 1, &place), unsafe separators.text(&place) != nil,
                unsafe separators.pass(&place, CSVDialect.newline)
            else { return nil }
        }
        // An ordinary row is shorter than the longest field, so that fields need no check of their length.
        guard unsafe place - start <= CSVDialect.longestField else { return nil }
        guard unsafe isInside || targets.map({ unsafe missing.contains($0[row]) }) ?? false else {
            return nil
        }
        return unsafe place
    }

    /// The number at `place`, which receives the place of the next field.
    @inline(always)
    private func number(_ place: inout Place, _ step: UnsafePointer<Step>) -> Double? {
        // Most probabilities have this form.
        if let value = unsafe decimal.shortFraction(&place, before: step.pointee.terminator) { return value }
        guard let field = unsafe longNumber(place, step) else { return nil }
        unsafe place = field.next
        return unsafe field.value
    }

    @unsafe
    private struct NumberField {
        let value: Double
        let next: Place
    }

    /// A number with a sign, an exponent or many digits. It is returned with the place of the next field, because a
    /// function that is called with an inout place would keep it in memory.
    @inline(never)
    private func longNumber(_ start: Place, _ step: UnsafePointer<Step>) -> NumberField? {
        let terminator = unsafe step.pointee.terminator
        var place = unsafe start
        if unsafe place[0] == UInt8(ascii: "-") {
            unsafe place += 1
            if let magnitude = unsafe decimal.shortFraction(&place, before: terminator) {
                return unsafe NumberField(value: -magnitude, next: place)
            }
        }
        if let value = unsafe decimal.parse(start, end: &place), unsafe place[0] == terminator {
            return unsafe NumberField(value: value, next: place + 1)
        }
        unsafe place = start
        guard let value = unsafe otherNumber(&place, step), unsafe separators.pass(&place, terminator) else {
            return nil
        }
        return unsafe NumberField(value: value, next: place)
    }

    /// A number with quotes or before a carriage return; an infinity, a NaN, a Boolean or an empty cell.
    private func otherNumber(_ place: inout Place, _ step: UnsafePointer<Step>) -> Double? {
        guard let field = unsafe separators.text(&place) else { return nil }
        var end = field.baseAddress!
        if let value = unsafe decimal.parse(end, end: &end), unsafe end == field.baseAddress! + field.count {
            return value
        }
        guard case .number(let value) = unsafe columns[step.pointee.number].number(field) else { return nil }
        return value
    }
}

// SPDX-License-Identifier: Apache-2.0

/// In a state, a sum is written as its form. If it is finite and not 0, the index of the first digit, the number of
/// digits, and the digits follow.
extension ExactSum: StatePart {
    private enum Form: UInt8 { case zero, positive, negative, infinity, negativeInfinity, notANumber }

    private var form: Form {
        guard special == 0 else {
            return special.isNaN ? .notANumber : special > 0 ? .infinity : .negativeInfinity
        }
        let magnitude = magnitude
        return magnitude.isNegative ? .negative : magnitude.highestBit == nil ? .zero : .positive
    }

    func write(to state: inout StateWriter) {
        let form = form
        state.append(UInt64(form.rawValue))
        guard form == .positive || form == .negative else { return }
        let (_, first, digits) = digits
        state.append(first)
        state.append(digits.count)
        for digit in digits { state.append(UInt64(digit)) }
    }

    init(from state: inout StateReader) throws(CrossEntropyError) {
        let number: UInt8 = try state.next()
        guard let form = Form(rawValue: number) else {
            throw .unreadable("an exact sum of the unknown form \(number)")
        }
        self.init()
        switch form {
        case .zero: break
        case .infinity: special = .infinity
        case .negativeInfinity: special = -.infinity
        case .notANumber: special = .nan
        case .positive, .negative: self = try .finite(isNegative: form == .negative, &state)
        }
    }

    private static func finite(
        isNegative: Bool, _ state: inout StateReader
    ) throws(CrossEntropyError) -> ExactSum {
        let (first, count): (Int, Int) = (try state.next(), try state.next())
        guard count <= mostDigits else {
            throw .unreadable("an exact sum of \(count) digits, expected at most \(mostDigits)")
        }
        var digits: [UInt32] = []
        for _ in 0..<count { digits.append(try state.next()) }
        guard let sum = ExactSum(isNegative: isNegative, first: first, digits: digits) else {
            throw .unreadable("\(count) digits from digit \(first) on are not an exact sum")
        }
        return sum
    }
}

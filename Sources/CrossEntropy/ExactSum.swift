/// The sum of any Doubles, rounded once: the same bits in whatever order, and however grouped, they are added.
///
/// Holds the exact sum as numbers that do not overlap (Shewchuk 1997, "Adaptive precision floating-point arithmetic",
/// section 2.4, as Python's `math.fsum` does). For losses of one call these are two or three; 40 hold every Double,
/// as 2^-1074 to 2^1024 is 2,098 bits and each number but the last fills 53 of them.
package struct ExactSum: Sendable {
    private var parts = InlineArray<40, Double>(repeating: 0)
    private var count = 0
    /// The sum of what is infinite or NaN, in which no order matters either.
    private var special = 0.0

    package init() {}

    package mutating func add(_ value: Double) {
        guard value.isFinite else {
            special += value
            return
        }
        var rest = value
        var kept = 0
        for index in 0..<count {
            var (large, small) = (rest, parts[index])
            if large.magnitude < small.magnitude { swap(&large, &small) }
            let sum = large + small
            // A sum beyond the largest number is infinite for good.
            guard sum.isFinite else {
                special += sum
                return
            }
            let lost = small - (sum - large)
            if lost != 0 {
                parts[kept] = lost
                kept += 1
            }
            rest = sum
        }
        if rest != 0 || kept == 0 {
            parts[kept] = rest
            kept += 1
        }
        count = kept
    }

    package mutating func add(_ other: ExactSum) {
        for index in 0..<other.count { add(other.parts[index]) }
        special += other.special
    }

    /// The sum, rounded to nearest, ties to even.
    package var value: Double {
        guard special == 0, count > 0 else { return special }
        var index = count - 1
        var sum = parts[index]
        var lost = 0.0
        while index > 0, lost == 0 {
            index -= 1
            let before = sum
            sum = before + parts[index]
            lost = parts[index] - (sum - before)
        }
        // What is left decides where `lost` is half a unit in the last place, and the sum was rounded to even.
        if index > 0, (lost < 0) == (parts[index - 1] < 0) {
            let double = lost * 2
            let next = sum + double
            if next - sum == double { sum = next }
        }
        return sum
    }
}

extension ExactSum: Equatable {
    package static func == (a: ExactSum, b: ExactSum) -> Bool {
        var difference = a
        for index in 0..<b.count { difference.add(-b.parts[index]) }
        guard a.special == 0, b.special == 0 else {
            return a.special == b.special || a.special.isNaN && b.special.isNaN
        }
        return difference.value == 0
    }
}

extension ExactSum: Codable {
    package init(from decoder: any Decoder) throws {
        self.init()
        // Numbers that JSON has no word for are written as text.
        for text in try [String](from: decoder) {
            guard let value = Double(text) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is not a number"))
            }
            add(value)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var numbers = (0..<count).map { parts[$0].description }
        if special != 0 { numbers.append(special.description) }
        try numbers.encode(to: encoder)
    }
}

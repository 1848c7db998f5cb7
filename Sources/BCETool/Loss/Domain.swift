// SPDX-License-Identifier: Apache-2.0

/// The values that an argument may take.
struct Domain {
    let argument: String
    let range: ClosedRange<Double>
    let expected: String

    static let probabilities = Domain(
        argument: "probabilities", range: 0...1, expected: "a number in [0, 1]")
    static let logits = Domain(
        argument: "logits", range: -.infinity ... .infinity, expected: "a number in [-infinity, infinity]")
    static let targets = Domain(argument: "targets", range: 0...1, expected: "a number in [0, 1]")
    /// Targets stored as bytes.
    static let labels = Domain(argument: "targets", range: 0...1, expected: "0 or 1")
    static let weights = weights("weights")
    static let positiveWeights = weights("positive-weight")

    private static func weights(_ argument: String) -> Domain {
        Domain(
            argument: argument, range: 0...Double.greatestFiniteMagnitude,
            expected: "a finite number of at least 0")
    }

    func error(_ index: Int, _ value: Double) -> ToolError {
        // Swift's description of a NaN includes its payload.
        ToolError("\(argument)[\(index)] is \(value.isNaN ? "nan" : "\(value)"), expected \(expected)")
    }

    func check(_ values: NumberWindow) throws {
        for (index, element) in values.range.enumerated() where !range.contains(values.numbers[index]) {
            throw values.column.error(self, element, values.numbers[index])
        }
    }
}

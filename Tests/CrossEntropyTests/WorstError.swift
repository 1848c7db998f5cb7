import XCTest

/// The largest error of a family of inputs, and the input that shows it: a row of the accuracy table, and an
/// assertion for the family.
struct WorstError {
    private(set) var error = 0.0
    private(set) var witness = "none: every result is exact"
    private(set) var inputs = 0

    mutating func note(_ error: Double, _ input: @autoclosure () -> String) {
        inputs += 1
        // A NaN is the worst of all.
        if !(error <= self.error) { (self.error, witness) = (error, input()) }
    }

    /// Prints the row and fails where the error exceeds the bound.
    func check(
        _ family: String, atMost bound: Double, _ unit: String, file: StaticString = #filePath,
        line: UInt = #line
    ) {
        let number = String(format: "%.3g of %.3g %@", error, bound, unit)
        print("accuracy | \(family) | \(number) | \(inputs) inputs | \(witness)")
        XCTAssertGreaterThan(inputs, 0, "\(family): nothing was tried", file: file, line: line)
        XCTAssertLessThanOrEqual(error, bound, "\(family), \(unit), \(witness)", file: file, line: line)
    }
}

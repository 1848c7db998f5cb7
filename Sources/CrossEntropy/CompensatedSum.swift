/// A sum that carries its own rounding error along (Neumaier 1974): combining a million tiles loses nothing visible.
package struct CompensatedSum {
    private var sum = 0.0
    private var lost = 0.0

    package init() {}

    package mutating func add(_ value: Double) {
        let next = sum + value
        // The smaller of the two numbers is the one whose low bits were rounded away.
        lost += sum.magnitude >= value.magnitude ? (sum - next) + value : (value - next) + sum
        sum = next
    }

    /// An infinite or NaN sum has no error to add: infinity - infinity would make it NaN.
    package var value: Double { sum.isFinite ? sum + lost : sum }
}

/// A sum whose rounding is added up apart (Neumaier 1974): an error of one rounding, and the number of terms times 2^-106.
/// For sums by the thousand; an `ExactSum`, which no order changes, is twenty times as large.
struct CompensatedSum {
    private var sum = 0.0
    private var lost = 0.0

    mutating func add(_ value: Double) {
        let next = sum + value
        lost += sum.magnitude >= value.magnitude ? (sum - next) + value : (value - next) + sum
        sum = next
    }

    /// What is infinite or NaN has lost nothing.
    var value: Double { sum.isFinite ? sum + lost : sum }
}

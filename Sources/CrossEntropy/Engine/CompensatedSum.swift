// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// A sum whose rounding errors are accumulated separately (Neumaier 1974). Its error is one rounding plus the number of
/// terms times 2^-106. It is used where there are thousands of sums, because an `ExactSum`, which does not depend on
/// the order of terms, is twenty times as large.
struct CompensatedSum {
    private var sum = 0.0
    private var lost = 0.0
    /// The stored sum is that of the terms times 2^-`exponent`. This is the exponent of the first term, and is
    /// increased if the sum overflows.
    private var exponent = 0

    mutating func add(_ term: ScaledDouble) {
        if sum == 0, lost == 0 { exponent = term.exponent }
        let value =
            term.exponent == exponent
            ? term.significand
            : ScaledDouble(term.significand, timesTwoTo: term.exponent - exponent).value
        let next = sum + value
        if !next.isFinite, sum.isFinite, term.significand.isFinite {
            sum *= 0x1p-128
            lost *= 0x1p-128
            exponent += 128
            return add(term)
        }
        lost += sum.magnitude >= value.magnitude ? (sum - next) + value : (value - next) + sum
        sum = next
    }

    /// An infinite or NaN sum needs no correction.
    var value: ScaledDouble { ScaledDouble(sum.isFinite ? sum + lost : sum, timesTwoTo: exponent) }
}

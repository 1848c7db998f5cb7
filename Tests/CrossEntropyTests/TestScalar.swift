import CrossEntropy
import NaiveCrossEntropy

/// An element type under test, and what the library promises of it. Conversions are spelled for each type: generic
/// ones between floating-point types take longer than the oracle.
protocol TestScalar: LossScalar, NaiveScalar {
    /// The largest relative error of a reduced loss.
    static var promise: Double { get }
    /// Half the distance from 1 to the next number: the largest relative error of one rounding.
    static var roundoff: Double { get }
    var reference: Reference { get }
    init(rounding value: Reference)
}

extension Float: TestScalar {
    static var promise: Double { 1e-7 }
    static var roundoff: Double { 0x1p-24 }
    var reference: Reference { Reference(self) }
    init(rounding value: Reference) { self = Float(value) }
}

extension Double: TestScalar {
    static var promise: Double { 1e-14 }
    static var roundoff: Double { 0x1p-53 }
    var reference: Reference { Reference(self) }
    init(rounding value: Reference) { self = Double(value) }
}

/// |result - exact| / exact; 0 for equal infinities and zeros, infinite where one of the two is NaN, 0 or infinite and
/// the other is not.
func relativeError(_ result: Double, _ exact: Reference) -> Double {
    if Reference(result) == exact { return 0 }
    let error = Double(abs(Reference(result) - exact) / exact)
    return error.isNaN ? .infinity : error
}

/// |result - exact| in units of the spacing of `S` at the rounded exact result, which is that of subnormal numbers
/// below the normal range.
func ulpError<S: TestScalar>(_ result: S, _ exact: Reference) -> Double {
    let rounded = S(rounding: exact)
    if rounded.isInfinite || result.isInfinite { return rounded == result ? 0 : .infinity }
    let error = Double(abs(result.reference - exact) / rounded.ulp.reference)
    return error.isNaN ? .infinity : error
}

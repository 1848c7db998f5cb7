// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A result beyond its bound.
struct Difference: Error, CustomStringConvertible {
    let what: String
    let actual: Double
    let expected: Reference
    let allowed: Reference

    var description: String {
        let error = abs(Reference(actual) - expected)
        return "\(what) is \(actual), expected \(expected); error \(Double(error)) "
            + "(\(Double(error / abs(expected))) of it), allowed \(Double(allowed))"
    }
}

/// A promise, other than a bound, that was not kept.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
}

/// The comparison that came closest to its bound or exceeded it.
struct ClosestCall {
    /// The worst case since this was last set to nil.
    nonisolated(unsafe) static var worst: ClosestCall?

    /// The error divided by the allowed error.
    let ratio: Double
    let what: String

    static func see(_ error: Reference, _ allowed: Reference, _ what: () -> String) {
        let ratio = Double(error / allowed)
        if ratio > worst?.ratio ?? 0 { worst = ClosestCall(ratio: ratio, what: what()) }
    }
}

/// Compares a result with its reference. NaN and infinity must match; if the reference is beyond the largest number of
/// the type, or within its bound of that, infinity is correct.
func expect(
    _ actual: Double, _ expected: Reference, within allowed: Reference, _ type: ResultType,
    _ what: @autoclosure () -> String
) throws {
    let agrees: Bool
    if expected.isNaN {
        agrees = actual.isNaN
    } else if expected.isInfinite {
        agrees = Reference(actual) == expected
    } else if actual.isInfinite {
        agrees =
            (actual < 0) == (expected < 0)
            && abs(expected) + allowed + type.ulp(at: type.greatest) / 2 >= type.greatest
    } else {
        let error = abs(Reference(actual) - expected)
        agrees = error <= allowed
        if error > 0 { ClosestCall.see(error, allowed, what) }
    }
    if !agrees { throw Difference(what: what(), actual: actual, expected: expected, allowed: allowed) }
}

// SPDX-License-Identifier: Apache-2.0

import XCTest

@testable import CrossEntropyVectorMath

/// The largest error of a lane function, in units in the last place of the exact result, and the input at which it
/// occurs.
struct WorstError<S: LaneScalar>: CustomStringConvertible {
    private(set) var ulps = 0.0
    private(set) var witness = S.nan

    mutating func compare(_ result: S, with exact: Reference, at input: S) {
        let error = ulpDistance(result, exact)
        if !(error <= ulps) { (ulps, witness) = (error, input) }
    }

    var description: String { "\(ulps) ulp at \(witness)" }
}

/// The type of exact results: 64 significand bits on x86-64, libm's Double elsewhere.
#if arch(x86_64)
    typealias Reference = Float80
#else
    typealias Reference = Double
#endif

/// |result - exact| in units of the spacing of `S` at `exact`; infinite if one is finite and the other is not.
func ulpDistance<S: LaneScalar>(_ result: S, _ exact: Reference) -> Double {
    let rounded = S(exact)
    if rounded.isNaN || result.isNaN { return rounded.isNaN && result.isNaN ? 0 : .infinity }
    if rounded == result {
        return rounded.isInfinite ? 0 : Double(abs(Reference(result) - exact) / Reference(rounded.ulp))
    }
    if rounded.isInfinite || result.isInfinite { return .infinity }
    return Double(abs(Reference(result) - exact) / Reference(rounded.ulp))
}

/// Applies a lane function to one number.
func apply<L: Lanes>(_ value: L.Scalar, _ function: (L) -> L) -> L.Scalar {
    withUnsafeTemporaryAllocation(of: L.Scalar.self, capacity: L.count) { buffer in
        function(L(repeating: value)).store(buffer.baseAddress!, 0)
        return buffer[L.count - 1]
    }
}

/// Applies a lane function to sixteen numbers at a time and passes each result to `check`.
func sweep<L: Lanes>(_ inputs: [L.Scalar], _ function: (L) -> L, _ check: (L.Scalar, L.Scalar) -> Void) {
    var results = [L.Scalar](repeating: 0, count: L.count)
    for start in stride(from: 0, to: inputs.count - inputs.count % L.count, by: L.count) {
        inputs.withUnsafeBufferPointer { source in
            results.withUnsafeMutableBufferPointer {
                function(L.load(L.Scalar.self, source.baseAddress!, start)).store($0.baseAddress!, 0)
            }
        }
        for lane in 0..<L.count { check(inputs[start + lane], results[lane]) }
    }
}

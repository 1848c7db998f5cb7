// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

@testable import CrossEntropyVectorMath

/// The accuracy table of the lane functions. Each test prints the worst error that it found and its input; the bounds
/// are those stated in the comments on the functions. `CROSS_ENTROPY_EXHAUSTIVE=1` tests every Float (minutes in
/// release).
final class LaneFunctionTests: XCTestCase {
    /// A prime, so that all fraction bits vary; this gives about 100,000 numbers.
    private let stride: UInt32 =
        ProcessInfo.processInfo.environment["CROSS_ENTROPY_EXHAUSTIVE"] == nil ? 10_007 : 1

    private func floats(_ low: Float, _ high: Float) -> [Float] {
        Swift.stride(from: low.bitPattern, through: high.bitPattern, by: Int(stride)).map(
            Float.init(bitPattern:))
    }

    /// The same number of Doubles, evenly spaced in bit pattern and therefore spread over the binades.
    private func doubles(_ low: Double, _ high: Double) -> [Double] {
        let step = (high.bitPattern - low.bitPattern) / 100_003
        return (0..<100_000).map { Double(bitPattern: low.bitPattern + step * $0) }
    }

    func test_expOfNegative_normalFloats_within1Ulp() {
        var worst = WorstError<Float>()
        sweep(floats(0x1p-40, 87.3), { (a: F32x16) in expOfNegative(a, gradual: false) }) {
            worst.compare($1, with: exp(-Reference($0)), at: $0)
        }
        print("exp(-a), Float: \(worst)")
        XCTAssertLessThan(worst.ulps, 1)
    }

    func test_expOfNegative_floatsToUnderflow_within1Ulp() {
        var worst = WorstError<Float>()
        sweep(floats(87, 200), { (a: F32x16) in expOfNegative(a, gradual: true) }) {
            worst.compare($1, with: exp(-Reference($0)), at: $0)
        }
        print("exp(-a) down to 0, Float: \(worst)")
        XCTAssertLessThan(worst.ulps, 1)
    }

    func test_expOfNegative_doubles_within1Ulp() {
        var worst = WorstError<Double>()
        sweep(doubles(0x1p-60, 800), { (a: F64x16) in expOfNegative(a, gradual: true) }) {
            worst.compare($1, with: exp(-Reference($0)), at: $0)
        }
        print("exp(-a), Double: \(worst)")
        XCTAssertLessThan(worst.ulps, 1)
    }

    func test_expOfNegative_relativeErrorOfFloat_below8e8() {
        var worst = 0.0
        sweep(floats(0x1p-40, 87.3), { (a: F32x16) in expOfNegative(a, gradual: false) }) {
            let exact = exp(-Reference($0))
            worst = max(worst, Double(abs(Reference($1) - exact) / exact))
        }
        print("exp(-a), Float, relative: \(worst)")
        XCTAssertLessThan(worst, 8e-8, "the reduced loss of one logit promises 2e-7")
    }

    func test_log_floatsInUnitInterval_within2Ulp() {
        var worst = WorstError<Float>()
        sweep(floats(.leastNonzeroMagnitude, 1), { (a: F32x16) in logAnywhere(a, lessOne: a - F32x16.one) }) {
            worst.compare($1, with: log(Reference($0)), at: $0)
        }
        print("log(p), Float: \(worst)")
        XCTAssertLessThan(worst.ulps, 2)
    }

    func test_log_doublesInUnitInterval_within2Ulp() {
        var worst = WorstError<Double>()
        let inputs = doubles(.leastNonzeroMagnitude, 1) + doubles(0.5, 1)
        sweep(inputs, { (a: F64x16) in logAnywhere(a, lessOne: a - F64x16.one) }) {
            worst.compare($1, with: log(Reference($0)), at: $0)
        }
        print("log(p), Double: \(worst)")
        XCTAssertLessThan(worst.ulps, 2)
    }

    func test_log_onePlusFloat_within2Ulp() {
        var worst = WorstError<Float>()
        sweep(floats(.leastNonzeroMagnitude, 1), { (e: F32x16) in log(ofNormal: F32x16.one + e, lessOne: e) })
        {
            worst.compare($1, with: log1p(Reference($0)), at: $0)
        }
        print("log(1 + e), Float: \(worst)")
        XCTAssertLessThan(worst.ulps, 2)
    }

    /// Products of many factors: 1 + d is rounded to a number from which d cannot be recovered.
    func test_log_onePlusLargeDouble_within2Ulp() {
        var worst = WorstError<Double>()
        sweep(doubles(1, 0x1p1000), { (d: F64x16) in log(ofNormal: F64x16.one + d, lessOne: d) }) {
            worst.compare($1, with: log1p(Reference($0)), at: $0)
        }
        print("log(1 + d), Double: \(worst)")
        XCTAssertLessThan(worst.ulps, 2)
    }

    func test_log_oneMinusFloat_within3Ulp() {
        var worst = WorstError<Float>()
        let inputs = floats(0x1p-40, 1 - 0x1p-24)
        sweep(inputs, { (p: F32x16) in logAnywhere(F32x16.one - p, lessOne: F32x16.zero - p) }) {
            worst.compare($1, with: log1p(-Reference($0)), at: $0)
        }
        print("log(1 - p), Float: \(worst)")
        XCTAssertLessThan(worst.ulps, 3)
    }

    func test_log_oneMinusDouble_within3Ulp() {
        var worst = WorstError<Double>()
        let inputs = doubles(0x1p-70, 1 - 0x1p-53) + doubles(0.2, 0.8)
        sweep(inputs, { (p: F64x16) in logAnywhere(F64x16.one - p, lessOne: F64x16.zero - p) }) {
            worst.compare($1, with: log1p(-Reference($0)), at: $0)
        }
        print("log(1 - p), Double: \(worst)")
        XCTAssertLessThan(worst.ulps, 3)
    }

    func test_logAnywhere_edges_areThoseOfLibm() {
        for value: Float in [0, -1, .nan, -.infinity, 1] {
            let result = apply(value) { (a: F32x16) in logAnywhere(a, lessOne: a - F32x16.one) }
            let expected = Foundation.log(value)
            XCTAssertTrue(
                result == expected || result.isNaN && expected.isNaN, "log(\(value)) gave \(result)")
        }
    }

    func test_expOfNegative_edges_areThoseOfLibm() {
        XCTAssertEqual(apply(0) { (a: F32x16) in expOfNegative(a, gradual: true) }, 1)
        XCTAssertEqual(apply(.infinity) { (a: F32x16) in expOfNegative(a, gradual: true) }, 0)
        XCTAssertEqual(apply(.infinity) { (a: F64x16) in expOfNegative(a, gradual: true) }, 0)
        XCTAssertTrue(apply(.nan) { (a: F64x16) in expOfNegative(a, gradual: true) }.isNaN)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyVectorMath
import Foundation
import TestSupport
import XCTest

final class Log1pTests: XCTestCase {
    /// The largest error in units in the last place, and the argument at which it occurs.
    private func worst<S: LaneScalar>(_ arguments: [S]) -> (ulps: Double, argument: S) {
        var worst = (ulps: 0.0, argument: S.nan)
        var results = [S](repeating: 0, count: 16)
        for argument in arguments {
            let lanes = CrossEntropyVectorMath.log1p(S.Lanes(repeating: argument))
            results.withUnsafeMutableBytes { lanes.store($0.baseAddress!, 0, count: 16) }
            let exact = Foundation.log1p(Reference(argument))
            let ulps = abs(Double((Reference(results[0]) - exact) / Reference(S(exact).ulp)))
            if !(ulps <= worst.ulps) { worst = (ulps, argument) }
        }
        print("log(1 + e), \(S.self): \(worst.ulps) ulp at \(worst.argument)")
        return worst
    }

    /// The step between bit patterns is a prime, so that all fraction bits vary.
    func test_log1p_floatsInUnitInterval_within1Point5Ulp() {
        let last = Float(1).bitPattern
        let floats = stride(from: Float(0x1p-100).bitPattern, through: last, by: 10_007).map {
            Float(bitPattern: $0)
        }
        XCTAssertLessThan(worst(floats + [1]).ulps, 1.5)
    }

    func test_log1p_doublesInUnitInterval_within1Point7Ulp() {
        let first = 0x1p-100.bitPattern
        let step = (1.0.bitPattern - first) / 100_003
        let doubles = (0...100_003).map { Double(bitPattern: first + step * $0) }
        XCTAssertLessThan(worst(doubles + (1...10_000).map { Double($0) / 10_000 }).ulps, 1.7)
    }

}

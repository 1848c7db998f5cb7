// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// Logits compared with those computed in 80 bits, at every level.
final class LogitTests: XCTestCase {
    private func check<S: LossScalar>(_ probabilities: [S], _ seed: UInt64) throws {
        for level in KernelLevel.available {
            let logits = try BinaryCrossEntropy.exact.at(level: level).logits(probabilities: probabilities)
            XCTAssertEqual(logits.count, probabilities.count)
            var (worst, witness) = (0.0, S.zero)
            for (p, x) in zip(probabilities, logits) {
                let exact = Self.logit(Reference(p))
                let ulps = x == S(exact) ? 0 : Double(abs(Reference(x) - exact) / Reference(S(exact).ulp))
                if !(ulps <= worst) { (worst, witness) = (ulps, p) }
            }
            print("logits, \(S.self), \(level): \(worst) ulp at \(witness)")
            XCTAssertLessThanOrEqual(worst, 4, "\(witness), \(level), seed \(seed)")
        }
    }

    /// 2 artanh(2 p - 1), whose argument is exact near 1/2; elsewhere the two logarithms do not cancel.
    private static func logit(_ p: Reference) -> Reference {
        p > 0.25 && p < 0.75 ? log1p((2 * p - 1) / (1 - p)) : log(p) - log1p(-p)
    }

    func test_logits_everyMagnitude_areWithinFourUlp() throws {
        var generator = SplitMix64(seed: 81)
        let tiny = (0..<20_001).map { _ in exp(-Double.random(in: 0...740, using: &generator)) }
        try check(tiny.map { min($0, 1.0.nextDown) }, 81)
        try check(tiny.map { Float(min($0, 0.999)) }.filter { $0 > 0 }, 81)
        for spread in [0.5, 0.1, 1e-3, 1e-6] {
            let nearHalf = (0..<20_001).map { _ in
                0.5 + Double.random(in: -spread...spread, using: &generator)
            }
            try check(nearHalf.filter { $0 > 0 && $0 < 1 }, 81)
            try check(nearHalf.map { Float($0) }.filter { $0 > 0 && $0 < 1 }, 81)
        }
        // The worst cases of a sweep.
        try check([0.2703166 as Float], 81)
        try check([0.7299995498914544], 81)
        try check((1...10_000).map { 1 - Double($0) * 0x1p-53 }, 81)
        try check((1...10_000).map { 1 - Float($0) * 0x1p-24 }, 81)
    }

    func test_logits_edges_areTheirLimits() throws {
        for level in KernelLevel.available {
            let bce = BinaryCrossEntropy.exact.at(level: level)
            let logits = try bce.logits(probabilities: [0, -0.0, 1, 0.5] as [Double])
            XCTAssertEqual(logits, [-.infinity, -.infinity, .infinity, 0], "\(level)")
            let outside: [Float] = [.nan, -Float.leastNonzeroMagnitude, 1.0000001, -.infinity, .infinity, -3]
            XCTAssertTrue(try bce.logits(probabilities: outside).allSatisfy { $0.isNaN }, "\(level)")
        }
        XCTAssertEqual(try BinaryCrossEntropy.exact.logits(probabilities: [Float]()), [])
    }

    func test_logits_halves_areThoseOfTheirFloats() throws {
        let halves = (0...Float16(1).bitPattern).map { Float16(bitPattern: $0) }
        let bce = BinaryCrossEntropy.exact
        XCTAssertEqual(
            try bce.logits(probabilities: halves), try bce.logits(probabilities: halves.map { Float($0) }))
    }

    func test_logits_ofProbabilities_areTheLogitsAgain() throws {
        let x = stride(from: -700.0, through: 30, by: 0.37).map { $0 }
        let bce = BinaryCrossEntropy.exact
        for (x, again) in zip(x, try bce.logits(probabilities: bce.probabilities(logits: x))) {
            // A relative error of 3 ulp of p, and of 1 - p, changes the logit by 3 ulp / (1 - p).
            let error = 3 * 0x1p-52 * (1 + exp(x)) + 5 * x.ulp
            XCTAssertEqual(again, x, accuracy: error)
        }
    }

    func test_writeLogits_shortOutput_isRefused_longOneKeepsItsRest() throws {
        var output: [Double] = [7, 7, 7]
        try BinaryCrossEntropy.exact.logits(probabilities: [0.5, 0.5], into: &output)
        XCTAssertEqual(output, [0, 0, 7])
        var short: [Double] = [7]
        var span = short.mutableSpan
        XCTAssertThrowsError(
            try BinaryCrossEntropy.exact.writeLogits(
                probabilities: ([0.5, 0.5] as [Double]).span, into: &span)
        ) {
            XCTAssertEqual($0 as? CrossEntropyError, .outputTooShort(argument: "logits", count: 1, needed: 2))
        }
    }
}

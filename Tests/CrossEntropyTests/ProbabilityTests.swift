// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Sigmoids compared with those computed in 80 bits.
final class ProbabilityTests: XCTestCase {
    private let bce = BinaryCrossEntropy.exact

    private func check<S: LossScalar>(_ logits: [S], _ seed: UInt64) throws {
        let probabilities = try bce.probabilities(logits: logits)
        XCTAssertEqual(probabilities.count, logits.count)
        var (worst, witness) = (0.0, S.zero)
        for (x, p) in zip(logits, probabilities) {
            let e = exp(-abs(Reference(x)))
            let exact = x > 0 ? 1 / (1 + e) : e / (1 + e)
            let ulps = Double(abs(Reference(p) - exact) / Reference(S(exact).ulp))
            if !(ulps <= worst) { (worst, witness) = (ulps, x) }
        }
        print("probabilities, \(S.self): \(worst) ulp at \(witness)")
        XCTAssertLessThanOrEqual(worst, 3, "\(witness), seed \(seed)")
    }

    func test_probabilities_everyMagnitude_areWithinThreeUlp() throws {
        for (seed, spread) in [(71, 0.1), (72, 1), (73, 10), (74, 100), (75, 740)] as [(UInt64, Double)] {
            var generator = SplitMix64(seed: seed)
            let logits = (0..<20_001).map { _ in Double.random(in: -spread...spread, using: &generator) }
            try check(logits, seed)
            try check(logits.map { Float(min(max($0, -103), 103)) }, seed)
        }
    }

    func test_probabilities_edges_areTheirLimits() throws {
        let logits: [Float] = [.infinity, -.infinity, 0, -0.0, .nan, -1000, 1000]
        let probabilities = try bce.probabilities(logits: logits)
        XCTAssertEqual(probabilities.map { $0.isNaN ? -1 : $0 }, [1, 0, 0.5, 0.5, -1, 0, 1])
        XCTAssertEqual(try bce.probabilities(logits: [Float]()), [])
    }

    func test_probabilities_halves_areThoseOfTheirFloats() throws {
        let halves = (0...UInt16.max).map { Float16(bitPattern: $0) }.filter { !$0.isNaN }
        XCTAssertEqual(
            try bce.probabilities(logits: halves), try bce.probabilities(logits: halves.map { Float($0) }))
        let bfloats = halves.map { BFloat16(Float($0)) }
        XCTAssertEqual(
            try bce.probabilities(logits: bfloats), try bce.probabilities(logits: bfloats.map { Float($0) }))
    }

    func test_writeProbabilities_shortOutput_isRefused_longOneKeepsItsRest() throws {
        let logits: [Double] = [0, 0]
        var output: [Double] = [7, 7, 7]
        try bce.probabilities(logits: logits, into: &output)
        XCTAssertEqual(output, [0.5, 0.5, 7])
        var short: [Double] = [7]
        var span = short.mutableSpan
        XCTAssertThrowsError(try bce.writeProbabilities(logits: logits.span, into: &span)) {
            XCTAssertEqual(
                $0 as? CrossEntropyError, .outputTooShort(argument: "probabilities", count: 1, needed: 2))
        }
    }
}

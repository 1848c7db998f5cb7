// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Accumulators over the whole range of Double, and decoded ones that no encoder has produced.
final class AccumulatorLimitTests: XCTestCase {
    private let exact = BinaryCrossEntropy.exact

    func test_merge_lossesOfTheWholeRange_sameBitsInAnyOrder() throws {
        var generator = SplitMix64(seed: 71)
        var parts: [LossAccumulator] = []
        for _ in 0..<500 {
            let logits = (0..<100_000).map { _ in generator.anyFinite() }
            let targets = logits.map { $0 < 0 }
            var part = LossAccumulator()
            try exact.add(LossBatch(logits: logits.span, targets: targets.span), to: &part)
            parts.append(part)
        }
        let first = try parts.reduce(into: LossAccumulator()) { try $0.merge($1) }
        XCTAssertEqual(first.count, 50_000_000)
        XCTAssertEqual(first.sum, .infinity, "the sum of 5 x 10^7 losses up to 1.8e308")
        XCTAssertTrue(first.mean.isFinite && first.mean > 1e304, "\(first.mean)")
        let encoded = try JSONEncoder().encode(first)
        XCTAssertLessThan(encoded.count, 2048)
        for _ in 0..<20 {
            let total = try parts.shuffled(using: &generator).reduce(into: LossAccumulator()) {
                try $0.merge($1)
            }
            XCTAssertEqual(total, first)
            XCTAssertEqual(total.mean.bitPattern, first.mean.bitPattern)
        }
        XCTAssertEqual(try JSONDecoder().decode(LossAccumulator.self, from: encoded), first)
    }

    func test_add_oneElementAtATime_doesNotOverrun() throws {
        var total = LossAccumulator()
        for exponent in -40..<40 {
            let logit: [Double] = [scalbn(1.5, exponent * 25)]
            try exact.add(LossBatch(logits: logit.span, targets: [false].span), to: &total)
        }
        XCTAssertEqual(total.count, 80)
        let largest = (0..<40).reduce(0) { $0 + scalbn(1.5, $1 * 25) }
        XCTAssertEqual(total.sum, largest, accuracy: 2 * largest.ulp)
    }

    func test_report_manyWeightedLosses_doesNotOverrun() throws {
        var generator = SplitMix64(seed: 72)
        let logits = (0..<1379).map { _ in Double.random(in: -800...800, using: &generator) }
        let weights = logits.map { _ in scalbn(1.0, Int.random(in: -300...300, using: &generator)) }
        let targets = logits.map { _ in Bool.random(using: &generator) }
        let batch = try LossBatch(logits: logits.span, targets: targets.span).weighted(
            byElement: weights.span)
        let report = try exact.report(batch)
        XCTAssertEqual(report.loss, try exact.loss(batch), accuracy: 1e-13 * report.loss)
    }

    func test_decode_whatNoAccumulatorHolds_isRefused() throws {
        let good = #"{"losses":"0x3p-1074","weights":"0x1p-1074","count":1}"#
        let zero = #"{"losses":"0x0p0","weights":"0x0p0","count":0}"#
        for text in [good.replacingOccurrences(of: "1074", with: "1170"), zero] {
            XCTAssertNoThrow(try decode(text), text)
        }
        for (what, text) in [
            ("an exponent of no chunk", good.replacing("1074", with: "1073")),
            ("a negative count", zero.replacing("0}", with: "-1}")),
            ("a sum of nothing", #"{"losses":"0x1p-1170","weights":"0x0p0","count":0}"#),
            ("an infinite sum of nothing", #"{"losses":"inf","weights":"0x0p0","count":0}"#),
            (
                "a sum beyond its count",
                "{\"losses\":\"0x\(String(repeating: "f", count: 600))p-1202\",\"weights\":\"0x0p0\",\"count\":1}"
            ),
            (
                "more digits than a sum has",
                "{\"losses\":\"0x\(String(repeating: "f", count: 700))p-1202\",\"weights\":\"0x0p0\",\"count\":1}"
            ),
            ("digits beyond the last chunk", #"{"losses":"0xfffffffffp1166","weights":"0x0p0","count":1}"#),
            ("another form of a number", #"{"losses":"0x03p-1170","weights":"0x0p0","count":1}"#),
            (
                "an exponent that overflows",
                #"{"losses":"0x1p-9223372036854775808","weights":"0x0p0","count":1}"#
            ),
            ("a sign inside", #"{"losses":"0x+1p-1170","weights":"0x0p0","count":1}"#),
            ("no number", #"{"losses":"","weights":"0x0p0","count":1}"#),
            ("a count that is no Int", #"{"losses":"0x0p0","weights":"0x0p0","count":9223372036854775808}"#),
            ("a number in place of a text", #"{"losses":1,"weights":"0x0p0","count":1}"#),
        ] {
            XCTAssertThrowsError(try decode(text), what)
        }
    }

    func test_merge_countsBeyondInt_isRefusedAndAddsNothing() throws {
        var total = try decode(#"{"losses":"0x1p-1170","weights":"0x0p0","count":9223372036854775807}"#)
        let before = total
        let one = try decode(#"{"losses":"0x1p-1170","weights":"0x0p0","count":1}"#)
        XCTAssertThrowsError(try total.merge(one)) { error in
            XCTAssertEqual(
                error as? CrossEntropyError,
                .tooManyElements(argument: "accumulator", count: .max, added: 1))
        }
        XCTAssertEqual(total, before)
    }

    private func decode(_ text: String) throws -> LossAccumulator {
        try JSONDecoder().decode(LossAccumulator.self, from: Data(text.utf8))
    }
}

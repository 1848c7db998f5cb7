// SPDX-License-Identifier: Apache-2.0

import TestSupport
import XCTest

@testable import CrossEntropy

/// Reports of accumulators: the same as those of one call.
final class AccumulatorReportTests: XCTestCase {
    private let reductions: [BinaryCrossEntropy.Reduction] = [.sum, .mean, .weightedMean]

    /// Batches of multiples of the grain, in any order and on any number of threads, give the bits of one report.
    func test_report_batchesInAnyOrder_isThatOfOneCall() throws {
        let problem = GroupProblem(count: 70 * LossAccumulator.grain + 77, groupCount: 1, seed: 341)
        let serial = try problem.options.with(threads: .serial)
        var generator = SplitMix64(seed: 342)
        let length = 7 * LossAccumulator.grain
        let parts = try stride(from: 0, to: problem.logits.count, by: length).map { start in
            let end = min(problem.logits.count, start + length)
            var part = LossAccumulator(keepsReport: true)
            try serial.add(problem.arrays(Array(start..<end)), to: &part)
            return part
        }
        var total = LossAccumulator(keepsReport: true)
        for part in parts.shuffled(using: &generator) { try total.merge(part) }
        var threaded = LossAccumulator(keepsReport: true)
        try serial.with(threads: .atMost(8)).add(problem.arrays(), to: &threaded)
        XCTAssertEqual(threaded, total, "seed 341")
        for reduction in reductions {
            let report = try serial.with(reduction: reduction).report(problem.arrays())
            XCTAssertEqual(total.report(reduction), report, "\(reduction), seed 341")
            let onThreads = try serial.with(reduction: reduction).with(threads: .atMost(2)).report(
                problem.arrays())
            XCTAssertEqual(onThreads, report, "\(reduction), seed 341")
        }
    }

    func test_merge_accumulatorWithoutReport_losesItUnlessEmpty() throws {
        let problem = GroupProblem(count: 100, groupCount: 1, seed: 343)
        var (kept, plain) = (LossAccumulator(keepsReport: true), LossAccumulator())
        for total in [kept, plain] { XCTAssertEqual(total.count, 0) }
        try problem.options.add(problem.arrays(), to: &kept)
        try problem.options.add(problem.arrays(), to: &plain)
        XCTAssertNil(plain.report(.mean))
        func merged(_ a: LossAccumulator, _ b: LossAccumulator) throws -> LossAccumulator {
            var total = a
            try total.merge(b)
            return total
        }
        for (what, a, b, keepsReport) in [
            ("both keep one", kept, kept, true), ("one keeps none", kept, plain, false),
            ("one is empty", kept, LossAccumulator(), true),
            ("the one that keeps one is empty", plain, LossAccumulator(keepsReport: true), false),
        ] {
            XCTAssertEqual(try merged(a, b).keepsReport, keepsReport, what)
            XCTAssertEqual(try merged(a, b), try merged(b, a), what)
        }
        XCTAssertEqual(try merged(kept, LossAccumulator()), kept)
        XCTAssertEqual(try merged(kept, kept).report(.mean)?.ignoredCount, 2 * (100 - kept.count))
    }

    func test_encode_lossesOfTheWholeRange_takesAtMostTwoKilobytes() throws {
        var generator = SplitMix64(seed: 344)
        var total = LossAccumulator(keepsReport: true)
        for _ in 0..<100 {
            let logits = (0..<10_000).map { _ in generator.anyFinite() }
            let weights = (0..<10_000).map { _ in generator.anyFinite() }
            try BinaryCrossEntropy.exact.add(
                ArrayBatch(logits: logits, targets: logits.map { $0 < 0 }, weights: weights), to: &total)
        }
        let encoded = try JSONEncoder().encode(total)
        XCTAssertLessThanOrEqual(encoded.count, 2048, "seed 344")
        XCTAssertLessThanOrEqual(total.serialized().count, 2048, "seed 344")
        let decoded = try JSONDecoder().decode(LossAccumulator.self, from: encoded)
        XCTAssertEqual(decoded, total)
        // A standard error of such losses is NaN, which is not equal to itself.
        XCTAssertEqual(
            decoded.report(.mean)?.standardError.bitPattern, total.report(.mean)?.standardError.bitPattern)
    }

    func test_decode_reportOfOtherElements_isRefused() throws {
        let sum = "32:1:0:0:0"
        let good = """
            {"losses":"0x1p-1170","weights":"0x1p-1170","count":1,"report":{"roundedLosses":"\(sum)",\
            "squaredLosses":"\(sum)","weightedLosses":"\(sum)","squaredWeights":"\(sum)","elements":1,"clipped":0,\
            "saturated":1}}
            """
        func decode(_ text: String) throws -> LossAccumulator {
            try JSONDecoder().decode(LossAccumulator.self, from: Data(text.utf8))
        }
        XCTAssertEqual(try decode(good).report(.sum)?.saturatedCount, 1)
        for (name, from, to) in [
            ("elements", "\"elements\":1", "\"elements\":0"), ("clipped", "\"clipped\":0", "\"clipped\":2"),
            ("saturated", "\"saturated\":1", "\"saturated\":-1"),
            ("squaredLosses", "\"squaredLosses\":\"32:1", "\"squaredLosses\":\"32:1ffffffffffffffffffffff"),
            (
                "squaredWeights", "\"squaredWeights\":\"32:1",
                "\"squaredWeights\":\"32:-1ffffffffffffffffffffff"
            ),
        ] {
            XCTAssertThrowsError(try decode(good.replacing(from, with: to)), name) {
                guard case DecodingError.dataCorrupted(let context) = $0 else {
                    return XCTFail("\(name): \($0)")
                }
                XCTAssertTrue(context.debugDescription.contains(name), context.debugDescription)
            }
        }
    }

    func test_merge_elementsBeyondInt_isRefusedAndAddsNothing() throws {
        let text = """
            {"losses":"0x0p0","weights":"0x0p0","count":0,"report":{"roundedLosses":"0:0:0:0:0",\
            "squaredLosses":"0:0:0:0:0","weightedLosses":"0:0:0:0:0","squaredWeights":"0:0:0:0:0",\
            "elements":\(Int.max),"clipped":0,"saturated":0}}
            """
        var total = try JSONDecoder().decode(LossAccumulator.self, from: Data(text.utf8))
        let before = total
        XCTAssertThrowsError(
            try BinaryCrossEntropy.exact.add(ArrayBatch(logits: [1.0], targets: [true]), to: &total)
        ) {
            XCTAssertEqual(
                $0 as? CrossEntropyError, .tooManyElements(argument: "accumulator", count: .max, added: 1))
        }
        XCTAssertEqual(total, before)
    }
}

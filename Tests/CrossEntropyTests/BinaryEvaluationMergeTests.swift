// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Threads, orders of merging, and the encoded form of a `BinaryEvaluation`.
final class BinaryEvaluationMergeTests: XCTestCase {
    private func evaluation(
        _ item: Case<Float>, _ range: Range<Int>? = nil, weights: [Float]? = nil, binCount: Int = 10,
        options: BinaryCrossEntropy = .exact
    ) throws -> BinaryEvaluation {
        let range = range ?? 0..<item.predictions.count
        var evaluation = try BinaryEvaluation(binCount: binCount)
        try options.add(
            LossBatch(
                logits: item.predictions.span.extracting(range), targets: item.targets.span.extracting(range)
            ).weighted(byElement: weights?.span.extracting(range)), to: &evaluation)
        return evaluation
    }

    /// Four slabs, the last one incomplete.
    private let count = 3 << 18 + 12_345

    func test_add_anyNumberOfThreads_sameBits() throws {
        for labels in [Labels.random, .soft] {
            let item = Case<Float>.logits(spread: 3, labels, count: count, seed: 121)
            let expected = try evaluation(item, options: .exact.with(threads: .serial))
            XCTAssertEqual(expected.count, count)
            for threads in [2, 3] {
                XCTAssertEqual(
                    try evaluation(item, options: .exact.with(threads: .atMost(threads))), expected, item.name
                )
            }
        }
    }

    func test_merge_anyOrder_sameBits() throws {
        let item = Case<Float>.logits(spread: 3, .soft, count: 50_000, seed: 122)
        let weights = item.targets.map { $0 * 3 }
        let parts = try stride(from: 0, to: 50_000, by: 7_000).map { start in
            try evaluation(item, start..<min(50_000, start + 7_000), weights: start % 2 == 0 ? weights : nil)
        }
        let expected = try parts.reduce(into: BinaryEvaluation()) { try $0.merge($1) }
        var generator = SplitMix64(seed: 123)
        for _ in 0..<5 {
            var shuffled = parts.shuffled(using: &generator)
            var grouped = shuffled.removeLast()
            try grouped.merge(shuffled.removeLast())
            var total = try shuffled.reduce(into: BinaryEvaluation()) { try $0.merge($1) }
            try total.merge(grouped)
            XCTAssertEqual(total, expected)
            XCTAssertEqual(total.areaUnderROC, expected.areaUnderROC)
            XCTAssertEqual(total.reliability, expected.reliability)
        }
    }

    func test_merge_otherBinCount_isRefused() throws {
        var total = try BinaryEvaluation()
        XCTAssertThrowsError(try total.merge(BinaryEvaluation(binCount: 20))) {
            XCTAssertEqual(
                $0 as? CrossEntropyError,
                .invalidOption(
                    option: "binCount", value: 20, allowed: "10, as in the evaluation that it is merged into")
            )
        }
    }

    func test_binCount_outsideItsRange_isRefused() throws {
        for binCount in [0, -1, 1001, .max] {
            XCTAssertThrowsError(try BinaryEvaluation(binCount: binCount)) {
                XCTAssertEqual(
                    $0 as? CrossEntropyError,
                    .invalidOption(
                        option: "binCount", value: Double(binCount), allowed: "a number from 1 to 1000"))
            }
        }
    }

    func test_evaluation_throughJSON_isTheSame() throws {
        var item = Case<Float>.logits(spread: 5, .random, count: 10_000, seed: 124)
        for binCount in [1, 10, 1000] {
            let before = try evaluation(item, binCount: binCount)
            let data = try JSONEncoder().encode(before)
            XCTAssertEqual(try JSONDecoder().decode(BinaryEvaluation.self, from: data), before)
        }
        item.predictions[7] = .nan
        let before = try evaluation(item)
        let after = try JSONDecoder().decode(BinaryEvaluation.self, from: JSONEncoder().encode(before))
        XCTAssertEqual(after, before)
        XCTAssertTrue(after.areaUnderROC.value.isNaN)
    }

    func test_decode_inconsistentBins_isRefused() throws {
        let item = Case<Float>.constant(0.5, 1, count: 3)
        let text = String(decoding: try JSONEncoder().encode(evaluation(item)), as: UTF8.self)
        for (part, replacement) in [
            ("\"binCount\":10", "\"binCount\":0"), ("\"binCount\":10", "\"binCount\":3"),
            ("\"count\":3", "\"count\":4"), ("\"count\":3", "\"count\":-3"), ("\"index\":", "\"index\":9999"),
            ("\"index\":", "\"index\":-"),
        ] {
            let range = try XCTUnwrap(text.range(of: part), part)
            let changed = text.replacingCharacters(in: range, with: replacement)
            XCTAssertThrowsError(
                try JSONDecoder().decode(BinaryEvaluation.self, from: Data(changed.utf8)), replacement)
        }
    }
}

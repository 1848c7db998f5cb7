// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Accumulators, the exact sum behind them, and reports.
final class AccumulatorTests: XCTestCase {
    private let exact = BinaryCrossEntropy.exact

    func test_merge_anyOrder_isOneCallToTheBit() throws {
        let count = 5 * LossAccumulator.grain + 77
        let item = Case<Float>.logits(spread: 3, .random, count: count, seed: 61)
        let whole = try exact.loss(logits: item.predictions, targets: item.targets)
        var parts: [LossAccumulator] = []
        for start in stride(from: 0, to: count, by: LossAccumulator.grain) {
            let range = start..<min(count, start + LossAccumulator.grain)
            var part = LossAccumulator()
            try exact.add(
                LossBatch(
                    logits: item.predictions.span.extracting(range),
                    targets: item.targets.span.extracting(range)),
                to: &part)
            parts.append(part)
        }
        var generator = SplitMix64(seed: 62)
        for _ in 0..<20 {
            var total = LossAccumulator()
            var tree = parts.shuffled(using: &generator)
            let second = tree.removeLast()
            for part in tree { try total.merge(part) }
            var grouped = second
            try grouped.merge(total)
            XCTAssertEqual(grouped.mean, whole)
            XCTAssertEqual(grouped.count, count)
            XCTAssertEqual(grouped.weightedMean, whole)
        }
        var total = LossAccumulator()
        try exact.add(LossBatch(logits: item.predictions.span, targets: item.targets.span), to: &total)
        XCTAssertEqual(total.mean, whole)
        XCTAssertEqual(total, try parts.reduce(into: LossAccumulator()) { try $0.merge($1) })
    }

    func test_accumulator_throughJSON_isTheSame() throws {
        let item = Case<Double>.logits(spread: 9, .soft, count: 50_000, seed: 63)
        var total = LossAccumulator()
        let weights = item.targets.map { $0 + 0.1 }
        try exact.add(
            LossBatch(logits: item.predictions.span, targets: item.targets.span)
                .weighted(byElement: weights.span), to: &total)
        let decoded = try JSONDecoder().decode(LossAccumulator.self, from: JSONEncoder().encode(total))
        XCTAssertEqual(decoded, total)
        XCTAssertEqual(decoded.sum, total.sum)
        XCTAssertEqual(decoded.weightSum, weights.reduce(0, +), accuracy: 1e-9)
        var infinite = LossAccumulator()
        try exact.add(LossBatch(logits: [Float.infinity].span, targets: [false].span), to: &infinite)
        let again = try JSONDecoder().decode(LossAccumulator.self, from: JSONEncoder().encode(infinite))
        XCTAssertEqual(again.sum, .infinity)
        XCTAssertEqual(again, infinite)
    }

    func test_exactSum_numbersOfEverySize_areRoundedOnce() {
        var generator = SplitMix64(seed: 64)
        for _ in 0..<200 {
            // Intermediate sums need far more bits than a Double has; the small number must be recovered at the end.
            var numbers = (0..<50).map { _ in
                scalbn(generator.normal(), Int.random(in: -900...900, using: &generator))
            }
            let small = generator.normal()
            numbers += numbers.map { -$0 } + [small]
            numbers.shuffle(using: &generator)
            var sum = ExactSum()
            for number in numbers { sum.add(number) }
            XCTAssertEqual(sum.value, small)
        }
        // Half a unit in the last place of 1, and slightly more or less: rounding half to even depends on the
        // remainder.
        for (numbers, expected) in [
            ([1, 0x1p-53], 1), ([1, 0x1p-53, 0x1p-200], 1 + 0x1p-52), ([1, 0x1p-53, -0x1p-200], 1),
            ([1 + 0x1p-52, 0x1p-53], 1 + 0x1p-51), ([1 + 0x1p-52, 0x1p-53, -0x1p-200], 1 + 0x1p-52),
        ] as [([Double], Double)] {
            var sum = ExactSum()
            for number in numbers { sum.add(number) }
            XCTAssertEqual(sum.value, expected, "\(numbers)")
        }
    }

    func test_add_emptyBatch_isNothing() throws {
        var total = LossAccumulator()
        try exact.add(LossBatch(logits: [Float]().span, targets: [Float]().span), to: &total)
        XCTAssertEqual(total, LossAccumulator())
        XCTAssertEqual(total.sum, 0)
        XCTAssertTrue(total.mean.isNaN)
    }

    func test_report_counts_areThoseOfTheDefinition() throws {
        let probabilities: [Double] = [0, 1, 1e-8, 0.5, 0.3, 0.7, 0]
        let targets: [Double] = [1, 1, 1, 0, 1, 0, 0]
        let mask = [true, true, true, true, true, true, false]
        let report = try BinaryCrossEntropy.keras.report(
            LossBatch(probabilities: probabilities.span, targets: targets.span).masked(by: mask.span))
        XCTAssertEqual(report.count, 6)
        XCTAssertEqual(report.ignoredCount, 1)
        XCTAssertEqual(report.clippedCount, 3)
        XCTAssertEqual(report.saturatedCount, 2)
        XCTAssertEqual(report.weightSum, 6)
        let floored = try BinaryCrossEntropy.pyTorch.report(
            LossBatch(probabilities: probabilities.span, targets: targets.span))
        XCTAssertEqual(floored.clippedCount, 1)
        let logits: [Float] = [17.2, 17.5, -100, -104, 0, .infinity]
        let certain = try exact.report(
            LossBatch(logits: logits.span, targets: [1, 1, 0, 0, 1, 1].span as Span<Float>))
        let rounded = logits.map { Float(1 / (1 + exp(-Double($0)))) }
        XCTAssertEqual(certain.saturatedCount, rounded.count { $0 == 0 || $0 == 1 })
    }

    func test_report_standardError_isThatOfTheLosses() throws {
        let item = Case<Double>.logits(spread: 3, .random, count: 20_001, seed: 65)
        let weights = (0..<20_001).map { Double($0 % 4) }
        let batch = try LossBatch(logits: item.predictions.span, targets: item.targets.span)
        let losses = try exact.losses(batch)
        let n = Double(losses.count)
        let mean = losses.reduce(0, +) / n
        let spread = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let report = try exact.report(batch)
        XCTAssertEqual(report.standardError, (spread / (n * (n - 1))).squareRoot(), accuracy: 1e-12)
        XCTAssertEqual(report.loss, try exact.loss(batch), accuracy: 1e-14)
        let weighted = try exact.with(reduction: .weightedMean).report(
            batch.weighted(byElement: weights.span))
        let sum = weights.reduce(0, +)
        let m = zip(weights, losses).reduce(0) { $0 + $1.0 * $1.1 } / sum
        let ratio = zip(weights, losses).reduce(0) { $0 + $1.0 * $1.0 * ($1.1 - m) * ($1.1 - m) }
        XCTAssertEqual(weighted.loss, m, accuracy: 1e-13)
        XCTAssertEqual(weighted.standardError, (n / (n - 1) * ratio).squareRoot() / sum, accuracy: 1e-12)
    }
}

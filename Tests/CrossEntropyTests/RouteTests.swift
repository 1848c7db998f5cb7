// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import NaiveCrossEntropy
import XCTest

/// One number by several routes: target types, spans and arrays, thread counts, and the plain loop.
final class RouteTests: XCTestCase {
    func test_loss_targetTypes_sameBits() throws {
        for count in [1, 33, 1000, 20_000] {
            let item = Case<Float>.logits(spread: 3, .random, count: count, seed: 11)
            let probabilities = item.predictions.map { 1 / (1 + exp(-$0)) }
            let bools = item.targets.map { $0 == 1 }
            let bytes = bools.map { UInt8($0 ? 1 : 0) }
            let doubles = item.targets.map(Double.init)
            let loss = BinaryCrossEntropy.exact
            let logits = try loss.loss(logits: item.predictions, targets: item.targets)
            XCTAssertEqual(logits, try loss.loss(logits: item.predictions, targets: bools))
            XCTAssertEqual(logits, try loss.loss(logits: item.predictions, targets: bytes))
            // Double targets are taken as exact, and are therefore not processed in Float lanes.
            XCTAssertEqual(
                logits, try loss.loss(logits: item.predictions, targets: doubles), accuracy: 1e-7 * logits)
            let mean = try loss.loss(probabilities: probabilities, targets: item.targets)
            XCTAssertEqual(mean, try loss.loss(probabilities: probabilities, targets: bools))
            XCTAssertEqual(
                mean, try loss.loss(probabilities: probabilities, targets: doubles), accuracy: 1e-7 * mean)
            XCTAssertEqual(
                try loss.losses(probabilities: probabilities, targets: item.targets),
                try loss.losses(probabilities: probabilities, targets: bytes))
        }
    }

    func test_loss_spansAndArrays_sameBits() throws {
        let item = Case<Double>.logits(spread: 3, .soft, count: 1003, seed: 12)
        XCTAssertEqual(
            try BinaryCrossEntropy.exact.loss(logits: item.predictions.span, targets: item.targets.span),
            try BinaryCrossEntropy.exact.loss(logits: item.predictions, targets: item.targets))
    }

    func test_loss_threadCounts_sameBits() throws {
        // Above the break-even point of 2^18 elements per thread, and not a multiple of a tile.
        let count = 4 * (1 << 18) + 4321
        let item = Case<Float>.logits(spread: 3, .random, count: count, seed: 13)
        let probabilities = item.predictions.map { 1 / (1 + exp(-$0)) }
        let serial = try BinaryCrossEntropy.exact.with(threads: .serial)
        let logits = try serial.loss(logits: item.predictions, targets: item.targets)
        let mean = try serial.loss(probabilities: probabilities, targets: item.targets)
        let losses = try serial.losses(logits: item.predictions, targets: item.targets)
        for threads in [
            BinaryCrossEntropy.ThreadPolicy.automatic, .atMost(1), .atMost(2), .atMost(3), .atMost(64),
        ] {
            let loss = try BinaryCrossEntropy.exact.with(threads: threads)
            XCTAssertEqual(
                logits, try loss.loss(logits: item.predictions, targets: item.targets), "\(threads)")
            XCTAssertEqual(
                mean, try loss.loss(probabilities: probabilities, targets: item.targets), "\(threads)")
            XCTAssertEqual(
                losses, try loss.losses(logits: item.predictions, targets: item.targets), "\(threads)")
        }
    }

    func test_loss_callsAtOnce_sameBits() throws {
        let item = Case<Float>.logits(spread: 3, .random, count: 600_000, seed: 14)
        let alone = try BinaryCrossEntropy.exact.loss(logits: item.predictions, targets: item.targets)
        let predictions = item.predictions
        let targets = item.targets
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            XCTAssertEqual(alone, try? BinaryCrossEntropy.exact.loss(logits: predictions, targets: targets))
        }
    }

    func test_losses_theirMean_isTheLoss() throws {
        let item = Case<Double>.logits(spread: 5, .soft, count: 30_000, seed: 15)
        let losses = try BinaryCrossEntropy.exact.losses(logits: item.predictions, targets: item.targets)
        let mean = try BinaryCrossEntropy.exact.loss(logits: item.predictions, targets: item.targets)
        XCTAssertEqual(losses.reduce(0, +) / 30_000, mean, accuracy: 1e-13 * mean)
    }

    func test_loss_sigmoidOfLogits_isTheLossOfLogits() throws {
        let item = Case<Double>.logits(spread: 3, .random, count: 10_000, seed: 16)
        let probabilities = item.predictions.map { 1 / (1 + exp(-$0)) }
        let logits = try BinaryCrossEntropy.exact.loss(logits: item.predictions, targets: item.targets)
        let mean = try BinaryCrossEntropy.exact.loss(probabilities: probabilities, targets: item.targets)
        // Near p = 1, 1 - p has a relative error of 2^-53 / (1 - p); the smallest 1 - p of 10,000 logits of spread 3 is
        // 1e-6.
        XCTAssertEqual(logits, mean, accuracy: 1e-10)
    }

    func test_loss_plainLoop_agrees() throws {
        let item = Case<Double>.logits(spread: 3, .random, count: 10_000, seed: 17)
        let naive = NaiveBinaryCrossEntropy().loss(logits: item.predictions, targets: item.targets)
        let sum = try BinaryCrossEntropy.exact.with(reduction: .sum)
            .loss(logits: item.predictions, targets: item.targets)
        // 10,000 additions, each with a rounding error of 2^-53, and an ulp from libm.
        XCTAssertEqual(sum, naive, accuracy: 1e-11 * naive)
    }
}

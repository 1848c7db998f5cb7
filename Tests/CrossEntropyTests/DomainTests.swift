// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels
import Foundation
import XCTest

@testable import CrossEntropy

/// Targets and probabilities outside [0, 1] are rejected by every call and every kernel, at any position.
final class DomainTests: XCTestCase {
    private static let outside: [Float] = [
        -1, -2, 2, 255, Float(1).nextUp, -.leastNonzeroMagnitude, .infinity, -.infinity,
    ]

    func test_everyCallAndOption_oneOutside_isRefusedAtEveryLevel() throws {
        for level in KernelLevel.available {
            for (optionName, options) in try optionsOfEveryRoute() {
                let bce = options.at(level: level)
                for count in [1, 7, 16, 63, 64, 130, 1000, 8200] {
                    for (place, index) in [0, count / 2, count - 1].enumerated() {
                        let value = Self.outside[(count + place) % Self.outside.count]
                        let (good, labels) = ([Float](repeating: 0.25, count: count), Self.labels(count))
                        var (bad, badLabels) = (good, labels)
                        (bad[index], badLabels[index]) = (value, value)
                        for every in EveryCall<Float, Float>.all {
                            func name(_ what: String) -> String {
                                "\(every.name) of \(count) \(what), \(optionName), \(level.rawValue)"
                            }
                            assertRefused("targets", index, Double(value), name("logits")) {
                                try every.call(bce, ArrayBatch(logits: good, targets: badLabels))
                            }
                            assertRefused("targets", index, Double(value), name("probabilities")) {
                                try every.call(bce, ArrayBatch(probabilities: good, targets: badLabels))
                            }
                            assertRefused("probabilities", index, Double(value), name("predictions")) {
                                try every.call(bce, ArrayBatch(probabilities: bad, targets: labels))
                            }
                        }
                    }
                }
            }
        }
    }

    private static func labels(_ count: Int) -> [Float] { (0..<count).map { Float($0 % 3 == 0 ? 1 : 0) } }

    func test_loss_elementsThatDoNotCount_mayBeAnything() throws {
        let (x, t): ([Float], [Float]) = ([0.5, -1, 2, 0.25], [1, -1, 255, 0])
        let mask = [true, false, false, true]
        let expected = try BinaryCrossEntropy.exact.loss(logits: [0.5, 0.25] as [Float], targets: [1, 0])
        XCTAssertEqual(
            try BinaryCrossEntropy.exact.loss(logits: x, targets: t, mask: mask), expected,
            accuracy: 1e-7)
        let missing = try BinaryCrossEntropy.exact.with(missingTargets: .value(-1))
        XCTAssertEqual(
            try missing.loss(logits: x, targets: [1, -1, -1, 0] as [Float]), expected, accuracy: 1e-7)
        assertRefused("targets", 2, 255, "not missing") { _ = try missing.loss(logits: x, targets: t) }
    }

    func test_loss_negativeZeroAndNaN_areNotOutside() throws {
        for count in [1, 64, 1000] {
            let zeros = [Float](repeating: -0.0, count: count)
            for every in EveryCall<Float, Float>.all {
                XCTAssertNoThrow(
                    try every.call(.exact, ArrayBatch(probabilities: zeros, targets: zeros)), every.name
                )
                XCTAssertNoThrow(
                    try every.call(.exact, ArrayBatch(logits: zeros, targets: zeros)), every.name)
            }
            var nan = [Float](repeating: 0.5, count: count)
            nan[count / 2] = .nan
            XCTAssertTrue(try BinaryCrossEntropy.exact.loss(probabilities: nan, targets: nan).isNaN)
            XCTAssertTrue(try BinaryCrossEntropy.exact.loss(logits: nan, targets: nan).isNaN)
            let gradient = try BinaryCrossEntropy.exact.gradient(
                LossBatch(probabilities: nan.span, targets: zeros.span))
            XCTAssertTrue(gradient[count / 2].isNaN)
        }
    }

    func test_loss_clippedProbability_isMovedInside() throws {
        let (p, t): ([Float], [Float]) = ([1.5, -3], [1, 0])
        XCTAssertEqual(try BinaryCrossEntropy.keras.loss(probabilities: p, targets: t), 0, accuracy: 2e-7)
        assertRefused("probabilities", 0, 1.5, "focal") {
            _ = try BinaryCrossEntropy.keras.with(focal: .init(gamma: 2)).loss(probabilities: p, targets: t)
        }
        assertRefused("targets", 1, -3, "targets") {
            _ = try BinaryCrossEntropy.keras.loss(probabilities: t, targets: [0, -3] as [Float])
        }
    }

    /// The formula exactly as written, with the coefficients t and 1 - t whatever their values are.
    func test_unchecked_targetsOutside_giveTheFormula() throws {
        let bce = try BinaryCrossEntropy.exact.with(domainChecks: .unchecked)
        for count in [2, 17, 100, 1000] {
            let x = (0..<count).map { Double($0 % 7) - 3 }
            let t = (0..<count).map { $0 % 2 == 0 ? -1.0 : 255 }
            let losses = zip(x, t).map { x, t in t * log1p(exp(-x)) + (1 - t) * log1p(exp(x)) }
            let mean = losses.reduce(0, +) / Double(count)
            XCTAssertEqual(try bce.loss(logits: x, targets: t), mean, accuracy: 1e-13 * 255)
            let gradient = try bce.gradient(LossBatch(logits: x.span, targets: t.span))
            for (index, (x, t)) in zip(x, t).enumerated() {
                let expected = (1 / (1 + exp(-x)) - t) / Double(count)
                XCTAssertEqual(gradient[index], expected, accuracy: 1e-14 * abs(expected))
            }
        }
    }

    func test_loss_severalThreads_firstOfManyIsNamed() throws {
        let count = 1 << 20
        let x = [Float](repeating: 1, count: count)
        var t = [Float](repeating: 0, count: count)
        for index in [count - 1, 700_001, 300_000] { t[index] = 7 }
        let bce = try BinaryCrossEntropy.exact.with(threads: .atMost(4))
        var gradient: [Float] = []
        assertRefused("targets", 300_000, 7, "loss") { _ = try bce.loss(logits: x, targets: t) }
        assertRefused("targets", 300_000, 7, "gradient") {
            try bce.loss(logits: x, targets: t, gradient: &gradient)
        }
    }

    func test_loss_rowsWithGaps_areNotLookedAtBetween() throws {
        // 40 rows of 3 elements with a stride of 5; the elements in between are 9, which is not a valid target.
        let elements = (0..<200).map { Float($0 % 5 < 3 ? 0.5 : 9) }
        let view = try MatrixView(elements.span, rows: 40, columns: 3, rowStride: 5)
        let batch = try LossBatch(probabilities: view, targets: view)
        XCTAssertEqual(try BinaryCrossEntropy.exact.rowLosses(batch)[7], log(2), accuracy: 1e-6)
        XCTAssertEqual(try BinaryCrossEntropy.exact.loss(batch), log(2), accuracy: 1e-6)
        var bad = elements
        bad[21 * 5 + 1] = 2
        let badView = try MatrixView(bad.span, rows: 40, columns: 3, rowStride: 5)
        let badBatch = try LossBatch(logits: view, targets: badView)
        assertRefused("targets", 21 * 3 + 1, 2, "loss") { _ = try BinaryCrossEntropy.exact.loss(badBatch) }
        assertRefused("targets", 21 * 3 + 1, 2, "rows") {
            _ = try BinaryCrossEntropy.exact.rowLosses(badBatch)
        }
    }
}

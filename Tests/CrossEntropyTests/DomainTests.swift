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

    /// The calls whose result covers all elements of a batch.
    private typealias Call = @Sendable (BinaryCrossEntropy, ArrayBatch<Float, Float>) throws -> Void

    private static let calls: [(name: String, call: Call)] = [
        ("loss", { _ = try $0.loss($1) }),
        ("losses", { _ = try $0.losses($1) }),
        ("gradient", { _ = try $0.gradient($1) }),
        (
            "loss and gradient",
            { bce, batch in
                var gradient: [Float] = []
                try bce.loss(batch, gradient: &gradient)
            }
        ),
        ("row losses", { _ = try $0.rowLosses($1) }),
        ("column losses", { _ = try $0.columnLosses($1) }),
        ("report", { _ = try $0.report($1) }),
        (
            "accumulator",
            { bce, batch in
                var total = LossAccumulator()
                do {
                    try bce.add(batch, to: &total)
                } catch {
                    XCTAssertEqual(total, LossAccumulator(), "after \(error)")
                    throw error
                }
            }
        ),
        (
            "groups",
            { bce, batch in
                var total = GroupedLosses(groupCount: 1)
                let groups = [UInt8](repeating: 0, count: batch.predictions.count)
                do {
                    try bce.add(batch, groups: groups, to: &total)
                } catch {
                    XCTAssertEqual(total, GroupedLosses(groupCount: 1), "after \(error)")
                    throw error
                }
            }
        ),
    ]

    private static func options() throws -> [(name: String, options: BinaryCrossEntropy)] {
        let exact = BinaryCrossEntropy.exact
        return [
            ("plain", exact), ("smoothing", try exact.with(labelSmoothing: 0.1)),
            ("positive weight", try exact.with(positiveWeight: 3)),
            ("focal", try exact.with(focal: .init(gamma: 2, alpha: 0.25))),
            ("missing", try exact.with(missingTargets: .nan)), ("pyTorch", .pyTorch),
            ("weighted mean", exact.with(reduction: .weightedMean)),
        ]
    }

    private func assertRefused(
        _ argument: String, _ index: Int, _ value: Double, _ name: @autoclosure () -> String,
        _ body: () throws -> Void
    ) {
        let expected = CrossEntropyError.valueOutOfDomain(
            argument: argument, index: index, value: value, domain: "[0, 1]")
        XCTAssertThrowsError(try body(), name()) {
            XCTAssertEqual($0 as? CrossEntropyError, expected, name())
        }
    }

    func test_everyCallAndOption_oneOutside_isRefusedAtEveryLevel() throws {
        for level in KernelLevel.available {
            for (optionName, options) in try Self.options() {
                let bce = options.at(level: level)
                for count in [1, 7, 16, 63, 64, 130, 1000, 8200] {
                    for (place, index) in [0, count / 2, count - 1].enumerated() {
                        let value = Self.outside[(count + place) % Self.outside.count]
                        let (good, labels) = ([Float](repeating: 0.25, count: count), Self.labels(count))
                        var (bad, badLabels) = (good, labels)
                        (bad[index], badLabels[index]) = (value, value)
                        for (callName, call) in Self.calls {
                            func name(_ what: String) -> String {
                                "\(callName) of \(count) \(what), \(optionName), \(level.rawValue)"
                            }
                            assertRefused("targets", index, Double(value), name("logits")) {
                                try call(bce, ArrayBatch(logits: good, targets: badLabels))
                            }
                            assertRefused("targets", index, Double(value), name("probabilities")) {
                                try call(bce, ArrayBatch(probabilities: good, targets: badLabels))
                            }
                            assertRefused("probabilities", index, Double(value), name("predictions")) {
                                try call(bce, ArrayBatch(probabilities: bad, targets: labels))
                            }
                        }
                    }
                }
            }
        }
    }

    private static func labels(_ count: Int) -> [Float] { (0..<count).map { Float($0 % 3 == 0 ? 1 : 0) } }

    func test_loss_everyTargetStorage_isRefused() throws {
        let bce = BinaryCrossEntropy.exact
        for count in [1, 20, 100, 9000] {
            let (floats, doubles) = (
                [Float](repeating: 2, count: count), [Double](repeating: -2, count: count)
            )
            let last = count - 1
            var (bytes, integers) = ([UInt8](repeating: 1, count: count), [Int](repeating: 0, count: count))
            (bytes[last], integers[last]) = (255, -1)
            assertRefused("targets", last, 255, "bytes") { _ = try bce.loss(logits: floats, targets: bytes) }
            assertRefused("targets", last, 255, "bytes") { _ = try bce.loss(logits: doubles, targets: bytes) }
            assertRefused("targets", last, -1, "Int") {
                _ = try bce.loss(logits: floats, targets: integers)
            }
            var halves = [Float](repeating: 0.5, count: count)
            halves[last] = 1.5
            assertRefused("targets", last, 1.5, "Float beside Double") {
                _ = try bce.loss(logits: doubles, targets: halves)
            }
            var soft = [Double](repeating: 0.5, count: count)
            soft[last] = 1 + 0x1p-40
            assertRefused("targets", last, 1 + 0x1p-40, "Double beside Float") {
                _ = try bce.loss(logits: floats, targets: soft)
            }
        }
    }

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
            for (name, call) in Self.calls {
                XCTAssertNoThrow(
                    try call(BinaryCrossEntropy.exact, ArrayBatch(probabilities: zeros, targets: zeros)), name
                )
                XCTAssertNoThrow(
                    try call(BinaryCrossEntropy.exact, ArrayBatch(logits: zeros, targets: zeros)), name)
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

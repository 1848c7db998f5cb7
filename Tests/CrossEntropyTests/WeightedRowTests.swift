// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels
import TestSupport
import XCTest

@testable import CrossEntropy

/// Losses with weights of rows, some of which are sums of plain rows: whole ones, and parts at the borders of tiles.
final class WeightedRowTests: XCTestCase {
    /// Below and at the shortest such rows, rows that tiles split, one of a whole tile, and longer ones.
    private static let shapes = [
        (200, 47), (200, 48), (200, 100), (3, 8192), (41, 513), (2, 20_000), (70, 64),
    ]

    func test_loss_everyLength_matchesOracleAtEveryLevel() throws {
        for level in KernelLevel.available {
            for (rows, columns) in Self.shapes {
                try check(Float.self, rows, columns, level)
                try check(Double.self, rows, columns, level)
            }
        }
    }

    private func check<S: LossScalar>(_: S.Type, _ rows: Int, _ columns: Int, _ level: KernelLevel) throws {
        let seed = UInt64(rows * 31 + columns)
        let name = "\(S.self) \(rows) x \(columns), \(level.rawValue), seed \(seed)"
        var numbers = SplitMix64(seed: seed)
        let x = (0..<rows * columns).map { _ in S(3 * numbers.normal()) }
        let p = x.map { 1 / (1 + S(exp(-Double($0)))) }
        let labels = (0..<rows * columns).map { _ in S(numbers.below(2)) }
        let soft = (0..<rows * columns).map { $0 < 5 ? labels[$0] : S(numbers.unit()) }
        let weights = (0..<rows).map { S($0 % 4) / 2 }
        // The documented bounds of weighted means (3e-7) and of Doubles.
        let bound = S.self == Float.self ? 3e-7 : 1e-14
        func expected(_ losses: (Int) -> Reference) -> (sum: Double, weight: Double) {
            let sum = x.indices.reduce(Reference(0)) { $0 + Reference(weights[$1 / columns]) * losses($1) }
            return (Double(sum), weights.reduce(0) { $0 + Double($1) } * Double(columns))
        }
        for (targets, kind) in [(labels, "labels"), (soft, "soft targets")] {
            let logits = expected { ReferenceLoss.logit(x[$0], targets[$0]) }
            let probabilities = expected { ReferenceLoss.probability(p[$0], targets[$0]) }
            for (batch, expected) in [
                (ArrayBatch(logits: x, targets: targets, columns: columns, rowWeights: weights), logits),
                (
                    ArrayBatch(probabilities: p, targets: targets, columns: columns, rowWeights: weights),
                    probabilities
                ),
            ] {
                let sum = BinaryCrossEntropy.exact.with(reduction: .sum).at(level: level)
                XCTAssertEqual(
                    try sum.loss(batch), expected.sum, accuracy: bound * expected.sum, "\(name), \(kind)")
                let mean = expected.sum / expected.weight
                XCTAssertEqual(
                    try sum.with(reduction: .weightedMean).loss(batch), mean, accuracy: bound * mean,
                    "\(name), \(kind)")
            }
        }
    }

    func test_loss_certainElements_areInfiniteUnlessTheirRowHasNoWeight() throws {
        var x = [Float](repeating: 1, count: 300 * 50)
        let t = [Float](repeating: 1, count: x.count)
        x[100 * 50 + 7] = -.infinity
        var weights = [Float](repeating: 2, count: 300)
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        func loss() throws -> Double {
            try sum.loss(ArrayBatch(logits: x, targets: t, columns: 50, rowWeights: weights))
        }
        XCTAssertEqual(try loss(), .infinity)
        weights[100] = 0
        let expected = 299 * 50 * 2 * Double(ReferenceLoss.logit(1 as Float, 1 as Float))
        XCTAssertEqual(try loss(), expected, accuracy: 3e-7 * expected)
        x[3] = .nan
        XCTAssertTrue(try loss().isNaN)
    }

    func test_loss_targetOutside_isRefusedInEveryPartOfARow() throws {
        for index in [0, 49, 8191, 8192, 14_999] {
            let x = [Float](repeating: 0.5, count: 15_000)
            var t = [Float](repeating: 1, count: x.count)
            t[index] = 1.5
            let weights = [Float](repeating: 2, count: 300)
            assertRefused("targets", index, 1.5, "logits, element \(index)") {
                _ = try BinaryCrossEntropy.exact.loss(
                    ArrayBatch(logits: x, targets: t, columns: 50, rowWeights: weights))
            }
            assertRefused("targets", index, 1.5, "probabilities, element \(index)") {
                _ = try BinaryCrossEntropy.exact.loss(
                    ArrayBatch(probabilities: x, targets: t, columns: 50, rowWeights: weights))
            }
        }
    }
}

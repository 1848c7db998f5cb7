// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Losses by row and by column with weights, masks and gradients, compared with loops in higher precision.
final class RowColumnTests: XCTestCase {
    private static let shapes = [
        (0, 5), (1, 1), (1, 70), (70, 1), (63, 3), (64, 64), (65, 127), (131, 100), (1031, 17), (3, 9001),
    ]

    func test_rowAndColumnLosses_everyWeightAndReduction_matchOracle() throws {
        for (rows, columns) in Self.shapes {
            for reduction in BinaryCrossEntropy.Reduction.allCases {
                for weighing in Weighing.allCases {
                    let problem = WeightedProblem(
                        rows, columns, weighing, seed: UInt64(rows * 10_007 + columns))
                    try check(problem, reduction, Float.self)
                    try check(problem, reduction, Double.self)
                }
            }
        }
    }

    private func check<S: LossScalar>(
        _ problem: WeightedProblem, _ reduction: BinaryCrossEntropy.Reduction, _: S.Type
    ) throws {
        let (rows, columns) = (problem.rows, problem.columns)
        let x = problem.logits.map { S($0) }
        let options = BinaryCrossEntropy.exact.with(reduction: reduction)
        var gradient = [S](repeating: .nan, count: rows * columns)
        let exact = problem.expected(x.map { Reference($0) }, reduction)
        // In Float: for a row, the bound of few elements; for a column, of which 64 losses are added in Float, its own.
        let bounds = S.self == Float.self ? (row: 2e-7, column: 1e-6) : (row: 1e-14, column: 1e-14)
        for (byRow, bound) in [(true, bounds.row), (false, bounds.column)] {
            var losses = [Double](repeating: .nan, count: byRow ? rows : columns)
            try problem.withBatch(x) { batch in
                var output = losses.mutableSpan
                var derivatives = gradient.mutableSpan
                if byRow {
                    try options.writeRowLosses(
                        batch, into: &output, writingGradientInto: &derivatives, gradientScale: 2)
                } else {
                    try options.writeColumnLosses(
                        batch, into: &output, writingGradientInto: &derivatives, gradientScale: 2)
                }
            }
            let what = "\(S.self) \(byRow ? "rows" : "columns") \(reduction) \(problem.name)"
            for (index, loss) in losses.enumerated() {
                let (expected, _) = byRow ? exact.rows[index] : exact.columns[index]
                if expected.isNaN {
                    XCTAssert(loss.isNaN, "\(what) [\(index)]")
                    continue
                }
                XCTAssertEqual(
                    Reference(loss), expected, accuracy: Reference(bound) * expected, "\(what) [\(index)]")
            }
            for index in gradient.indices {
                let divisor = byRow ? exact.rows[index / columns].1 : exact.columns[index % columns].1
                guard divisor != 0 else { continue }
                let expected = 2 * exact.derivatives[index] / divisor
                // 4 ulp, and the rounding of the weights to S.
                XCTAssertEqual(
                    Reference(gradient[index]), expected,
                    accuracy: 8 * Reference(S.ulpOfOne) * abs(expected), "\(what) gradient [\(index)]")
            }
        }
    }

    func test_columnLosses_severalThreads_areTheSameBits() throws {
        let problem = WeightedProblem(4001, 300, .byRow, seed: 9)
        let x = problem.logits.map { Float($0) }
        try problem.withBatch(x) { batch in
            let one = try BinaryCrossEntropy(threads: .serial)
            let (rows, columns) = (try one.rowLosses(batch), try one.columnLosses(batch))
            for threads in [2, 3, 64] {
                let several = try one.with(threads: .atMost(threads))
                let (someRows, someColumns) = (
                    try several.rowLosses(batch), try several.columnLosses(batch)
                )
                XCTAssertEqual(someRows, rows, "\(threads) threads")
                XCTAssertEqual(someColumns, columns, "\(threads) threads")
            }
        }
    }

    func test_columnLosses_ofConstantColumns_withinBound() throws {
        let x = [Float](repeating: -9.21, count: 8192 * 3)
        let t = [Float](repeating: 0, count: 8192 * 3)
        let batch = try LossBatch(logits: x.span, targets: t.span, columns: 3)
        let expected = ReferenceLoss.logit(Float(-9.21), 0)
        for loss in try BinaryCrossEntropy.exact.columnLosses(batch) {
            XCTAssertEqual(Reference(loss), expected, accuracy: 1e-6 * expected)
        }
    }

    func test_gradients_whereNothingCounts_areZero() throws {
        let x: [Float] = [1, 2, 3, 4]
        let t: [UInt8] = [1, 0, 1, 0]
        let mask = [true, true, false, false]
        let batch = try LossBatch(logits: x.span, targets: t.span, columns: 2).masked(by: mask.span)
        var (losses, gradient): ([Double], [Float]) = ([0, 0], [9, 9, 9, 9])
        var output = losses.mutableSpan
        var span = gradient.mutableSpan
        try BinaryCrossEntropy.exact.writeRowLosses(batch, into: &output, writingGradientInto: &span)
        XCTAssert(losses[1].isNaN)
        XCTAssertEqual(gradient[2...], [0, 0])
        XCTAssertEqual(gradient[0], -0.5 / (1 + exp(1)), accuracy: 1e-7)
        let none = [false, false, false, false]
        let nothing = try LossBatch(logits: x.span, targets: t.span).masked(by: none.span)
        XCTAssertEqual(try BinaryCrossEntropy.exact.gradient(nothing), [0, 0, 0, 0])
    }

    func test_rowWeights_ofRowsThatDoNotCount_mayBeAnything() throws {
        let x: [Float] = [1, 2, 3, 4]
        let t: [Float] = [1, 0, .nan, .nan]
        let expected = [log1p(exp(-1.0)), log1p(exp(2.0))]
        for weight in [Double.nan, .infinity, -.infinity] {
            let weights = [1, weight]
            let batch = try LossBatch(logits: x.span, targets: t.span, columns: 2)
                .weighted(byRow: weights.span)
            let options = try BinaryCrossEntropy(reduction: .sum, missingTargets: .nan)
            let (rows, columns) = (try options.rowLosses(batch), try options.columnLosses(batch))
            XCTAssertEqual(rows[0], expected[0] + expected[1], accuracy: 1e-6)
            XCTAssertEqual(rows[1], 0)
            for column in 0..<2 { XCTAssertEqual(columns[column], expected[column], accuracy: 1e-6) }
        }
    }

    func test_columnLosses_beyondTheRangeOfFloat_areDoubles() throws {
        let huge: [Float] = [3e38, 3e38]
        let zeros: [Float] = [0, 0]
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        let column = try LossBatch(logits: huge.span, targets: zeros.span, columns: 1)
        XCTAssertEqual(try sum.columnLosses(column)[0], 2 * Double(huge[0]))
        let x: [Float] = [1, 2, 3, 4]
        let t: [UInt8] = [0, 1, 1, 0]
        let expected = [
            (log1p(exp(1.0)) + log1p(exp(-3.0))) / 2, (log1p(exp(-2.0)) + log1p(exp(4.0))) / 2,
        ]
        for weight in [1e-50, 1e-43, 1e-40, 1e39, 1e300] {
            let weights = [weight, weight]
            let batch = try LossBatch(logits: x.span, targets: t.span, columns: 2)
                .weighted(byRow: weights.span)
            let losses = try BinaryCrossEntropy.exact.with(reduction: .weightedMean).columnLosses(batch)
            for index in 0..<2 {
                XCTAssertEqual(losses[index], expected[index], accuracy: 1e-6 * expected[index], "\(weight)")
            }
        }
    }

    /// The weights of 64 rows are added up in Double, which cannot hold the sum of these.
    func test_columnLosses_weightsThatOverflowTogether_areAddedOneByOne() throws {
        let (rows, columns) = (100, 3)
        let x = (0..<rows * columns).map { Float($0 % 7) - 3 }
        let t = (0..<rows * columns).map { UInt8($0 % 2) }
        let mask = (0..<rows * columns).map { $0 % 5 != 0 }
        let weights = [Double](repeating: 1e308, count: rows)
        let batch = try LossBatch(logits: x.span, targets: t.span, columns: columns).masked(by: mask.span)
        let expected = try BinaryCrossEntropy.exact.columnLosses(batch)
        let losses = try BinaryCrossEntropy.exact.with(reduction: .weightedMean)
            .columnLosses(batch.weighted(byRow: weights.span))
        for (loss, expected) in zip(losses, expected) {
            XCTAssertEqual(loss, expected, accuracy: 1e-6 * expected)
        }
    }

    func test_columnLosses_ofAMillionRows_keepTheirAccuracy() throws {
        let count = 1_000_000
        let x = [Double](repeating: 0.1, count: count)
        let t = [UInt8](repeating: 1, count: count)
        let weights = [Double](repeating: 0.1, count: count)
        let batch = try LossBatch(logits: x.span, targets: t.span, columns: 1)
            .weighted(byRow: weights.span)
        let expected = ReferenceLoss.logit(0.1, 1)
        for reduction in [BinaryCrossEntropy.Reduction.mean, .weightedMean] {
            let loss = try BinaryCrossEntropy.exact.with(reduction: reduction).columnLosses(batch)[0]
            let divided = reduction == .mean ? Reference(0.1) * expected : expected
            XCTAssertEqual(Reference(loss), divided, accuracy: 1e-14 * divided, "\(reduction)")
        }
    }
}

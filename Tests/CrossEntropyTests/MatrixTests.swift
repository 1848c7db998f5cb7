// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Losses of rows, and matrices whose rows are not contiguous.
final class MatrixTests: XCTestCase {
    /// Sizes around the numbers of lanes, and around the longest row of the kernel for short rows.
    private static let widths = [1, 2, 15, 16, 17, 63, 64, 65, 100, 511, 512, 513, 1031]

    func test_rowLosses_everyWidthAndStride_matchesOracle() throws {
        for (index, columns) in Self.widths.enumerated() {
            for (rows, gap) in [(1, 0), (16, 0), (53, 3), (17, 16)] {
                let seed = UInt64(1000 + 10 * index)
                try checkRows(Float.self, rows, columns, gap, seed)
                try checkRows(Double.self, rows, columns, gap, seed)
            }
        }
    }

    private func checkRows<S: LossScalar>(
        _: S.Type, _ rows: Int, _ columns: Int, _ gap: Int, _ seed: UInt64
    ) throws {
        let stride = columns + gap
        for labels in [Labels.random, .soft] {
            let logits = Case<S>.logits(spread: 3, labels, count: rows * stride, seed: seed)
            let probabilities = Case<S>(
                name: "probabilities of " + logits.name,
                predictions: logits.predictions.map { 1 / (1 + S(exp(-Double($0)))) },
                targets: logits.targets)
            for (some, isLogits) in [(logits, true), (probabilities, false)] {
                let x = try MatrixView(
                    some.predictions.span, rows: rows, columns: columns, rowStride: stride)
                let t = try MatrixView(some.targets.span, rows: rows, columns: columns, rowStride: stride)
                let batch =
                    isLogits
                    ? try LossBatch(logits: x, targets: t) : try LossBatch(probabilities: x, targets: t)
                let losses = try BinaryCrossEntropy.exact.rowLosses(batch)
                let expected = some.rowSums(rows, columns, stride, isLogits).map { $0 / Reference(columns) }
                for row in 0..<rows {
                    // The rounding of the row's result, and the accuracy promised for a sum; for soft targets in Float,
                    // see loss(_:).
                    let bound = Reference(S.ulpOfOne) + Reference(S.promise) * (labels == .soft ? 2 : 1)
                    XCTAssertEqual(
                        Reference(losses[row]), expected[row], accuracy: bound * expected[row],
                        "\(S.self) row \(row) of \(rows) x \(columns), stride \(stride), \(some.name)")
                }
            }
        }
    }

    func test_rowLosses_rowsThatAProductCannotTell_areTheirLosses() throws {
        let columns = 100
        var x = [Float](repeating: 1, count: 20 * columns)
        let t = [Float](repeating: 1, count: 20 * columns)
        x[3 * columns + 7] = .infinity
        x[5 * columns + 99] = -.infinity
        x[11 * columns] = .nan
        let batch = try LossBatch(logits: x.span, targets: t.span, columns: columns)
        let losses = try BinaryCrossEntropy.exact.with(reduction: .sum).rowLosses(batch)
        let one = log1p(exp(-1.0))
        for (row, loss) in losses.enumerated() {
            switch row {
            case 3: XCTAssertEqual(Double(loss), 99 * one, accuracy: 1e-5)
            case 5: XCTAssertEqual(loss, .infinity)
            case 11: XCTAssert(loss.isNaN)
            default: XCTAssertEqual(Double(loss), 100 * one, accuracy: 1e-5, "row \(row)")
            }
        }
    }

    func test_rowLosses_certainAndClippedProbabilities_followTheOptions() throws {
        let columns = 33
        var p = [Double](repeating: 0.25, count: 40 * columns)
        let t = [UInt8](repeating: 0, count: 40 * columns)
        p[4 * columns + 5] = 1
        p[9 * columns] = 0
        let batch = try LossBatch(probabilities: p.span, targets: t.span, columns: columns)
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        let exact = try sum.rowLosses(batch)
        let clipped = try sum.with(clipping: .clipped(epsilon: 1e-3)).rowLosses(batch)
        let each = -log1p(-0.25)
        XCTAssertEqual(exact[4], .infinity)
        XCTAssertEqual(exact[9], 32 * each, accuracy: 1e-13)
        XCTAssertEqual(exact[10], 33 * each, accuracy: 1e-13)
        XCTAssertEqual(clipped[4], 32 * each - log(1e-3), accuracy: 1e-12)
        XCTAssertEqual(clipped[9], 32 * each - log1p(-1e-3), accuracy: 1e-13)
    }

    func test_everyResult_ofAMatrixWithGaps_isThatWithoutGaps() throws {
        let (rows, columns, stride) = (37, 29, 40)
        let all = Case<Double>.logits(spread: 2, .random, count: rows * stride, seed: 77)
        let weights = (0..<rows).map { 1 + Double($0 % 5) }
        let x = try MatrixView(all.predictions.span, rows: rows, columns: columns, rowStride: stride)
        let t = try MatrixView(all.targets.span, rows: rows, columns: columns, rowStride: stride)
        let close = all.withoutGaps(rows, columns, stride)
        let gaps = try LossBatch(logits: x, targets: t).weighted(byRow: weights.span)
        let dense = try LossBatch(
            logits: close.predictions.span, targets: close.targets.span, columns: columns
        ).weighted(byRow: weights.span)
        for loss in [BinaryCrossEntropy.exact, try .exact.with(focal: .init(gamma: 2))] {
            XCTAssertEqual(try loss.loss(gaps), try loss.loss(dense), accuracy: 1e-14)
            XCTAssertEqual(try loss.losses(gaps), try loss.losses(dense))
            XCTAssertEqual(try loss.gradient(gaps), try loss.gradient(dense))
            XCTAssertEqual(try loss.report(gaps).count, rows * columns)
        }
    }

    func test_everyResult_ofARepeatedRow_isThatOfItsCopies() throws {
        let (rows, columns) = (37, 29)
        let all = Case<Float>.logits(spread: 2, .random, count: rows * columns, seed: 78)
        let row = Array(all.predictions[..<columns])
        let copies = (0..<rows * columns).map { row[$0 % columns] }
        let x = try MatrixView(row.span, rows: rows, columns: columns, rowStride: 0)
        let t = try MatrixView(all.targets.span, rows: rows, columns: columns)
        let repeated = try LossBatch(logits: x, targets: t)
        let copied = try LossBatch(logits: copies.span, targets: all.targets.span, columns: columns)
        for loss in [BinaryCrossEntropy.exact, try .exact.with(focal: .init(gamma: 2))] {
            XCTAssertEqual(try loss.loss(repeated), try loss.loss(copied), accuracy: 1e-7)
            XCTAssertEqual(try loss.losses(repeated), try loss.losses(copied))
            XCTAssertEqual(try loss.gradient(repeated), try loss.gradient(copied))
            XCTAssertEqual(try loss.rowLosses(repeated), try loss.rowLosses(copied))
        }
        XCTAssertEqual(x.row(36)[28], row[28])
    }

    func test_matricesWithoutColumns_haveRows() throws {
        let nothing: [Float] = []
        let x = try MatrixView(nothing.span, rows: 3, columns: 0, rowStride: 5)
        let batch = try LossBatch(logits: x, targets: x)
        XCTAssertEqual(batch.rows, 3)
        XCTAssertEqual(x.row(2).count, 0)
        XCTAssertEqual(try BinaryCrossEntropy.exact.with(reduction: .sum).rowLosses(batch), [0, 0, 0])
        XCTAssert(try BinaryCrossEntropy.exact.rowLosses(batch).allSatisfy(\.isNaN))
        XCTAssertEqual(try BinaryCrossEntropy.exact.columnLosses(batch), [])
    }

    func test_matrixView_wrongSizes_areTypedErrors() throws {
        let numbers = [Float](repeating: 0.5, count: 12)
        func error(_ rows: Int, _ columns: Int, _ stride: Int? = nil) -> CrossEntropyError? {
            let span = numbers.span
            do {
                _ = try MatrixView(span, rows: rows, columns: columns, rowStride: stride)
                return nil
            } catch { return error }
        }
        XCTAssertNil(error(3, 4))
        XCTAssertNil(error(0, 4))
        XCTAssertNil(error(3, 2, 5))
        XCTAssertNil(error(100, 12, 0))
        XCTAssertEqual(error(2, 13, 0), .countMismatch(argument: "matrix", count: 12, expected: 13))
        XCTAssertEqual(error(3, 3, 5), .countMismatch(argument: "matrix", count: 12, expected: 13))
        XCTAssertEqual(error(4, 4), .countMismatch(argument: "matrix", count: 12, expected: 16))
        XCTAssertEqual(error(3, 4, 3), .invalidOption(option: "rowStride", value: 3, allowed: "at least 4"))
        XCTAssertEqual(error(-1, 4), .invalidOption(option: "rows", value: -1, allowed: "at least 0"))
        XCTAssertEqual(
            error(1 << 62, 4),
            .matrixTooLarge(argument: "matrix", rows: 1 << 62, columns: 4, limit: 1 << 56))
        for (rows, columns, stride) in [
            (1 << 62, 4, 0), (.max, 1, 0), (.max, 0, nil), (0, .max, nil), (1 << 30, 1 << 30, 0),
            (1, 4, 1 << 60),
        ] as [(Int, Int, Int?)] {
            XCTAssertEqual(
                error(rows, columns, stride),
                .matrixTooLarge(
                    argument: "matrix", rows: rows, columns: max(columns, stride ?? 0), limit: 1 << 56))
        }
        XCTAssertNil(error(1 << 40, 12, 0))
        let span = numbers.span
        let (a, b) = (
            try MatrixView(span, rows: 3, columns: 4), try MatrixView(span, rows: 4, columns: 3)
        )
        do {
            _ = try LossBatch(probabilities: a, targets: b)
            XCTFail("matrices of different shapes make no batch")
        } catch {
            XCTAssertEqual(
                error,
                .shapeMismatch(
                    argument: "targets", rows: 4, columns: 3, expectedRows: 3, expectedColumns: 4))
        }
    }
}

extension Case {
    func withoutGaps(_ rows: Int, _ columns: Int, _ stride: Int) -> Case {
        let kept = (0..<rows).flatMap { row in (0..<columns).map { row * stride + $0 } }
        return Case(name: name, predictions: kept.map { predictions[$0] }, targets: kept.map { targets[$0] })
    }

    fileprivate func rowSums(_ rows: Int, _ columns: Int, _ stride: Int, _ isLogits: Bool) -> [Reference] {
        (0..<rows).map { row in
            let part = row * stride..<row * stride + columns
            return ReferenceLoss.sum(
                Array(predictions[part]), Array(targets[part]),
                isLogits ? ReferenceLoss.logit : ReferenceLoss.probability)
        }
    }
}

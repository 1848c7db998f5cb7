// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import XCTest

/// The table in the article "Unusual input": each row is a call that is made here, and its result.
final class UnusualInputTests: XCTestCase {
    private struct Row {
        let call: String
        let answer: String
    }

    private static let article = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/CrossEntropy/CrossEntropy.docc/UnusualInput.md")

    private static func rows() throws -> [Row] {
        try String(contentsOf: article, encoding: .utf8).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 2, cells[0].hasPrefix("`") else { return nil }
            return Row(call: String(cells[0].dropFirst().dropLast()), answer: cells[1])
        }
    }

    private typealias Call = @Sendable () throws -> Double

    private static func calls() throws -> [String: Call] {
        let (exact, keras) = (BinaryCrossEntropy.exact, BinaryCrossEntropy.keras)
        let pyTorch = BinaryCrossEntropy.pyTorch
        let sum = exact.with(reduction: .sum)
        let unchecked = try exact.with(domainChecks: .unchecked)
        let missing = try exact.with(missingTargets: .nan)
        let kerasFocal = try keras.with(focal: .init(gamma: 2))
        let x: [Float] = [0.5, 2]
        let t: [Float] = [0, 1]
        func logits(_ bce: BinaryCrossEntropy, _ x: [Float], _ t: [Float]) -> Call {
            { try bce.loss(logits: x, targets: t) }
        }
        func probabilities(_ bce: BinaryCrossEntropy, _ p: [Float], _ t: [Float]) -> Call {
            { try bce.loss(probabilities: p, targets: t) }
        }
        let bytes: [UInt8] = [0, 255]
        return [
            "exact.loss(logits: [0.5, 2], targets: [0, 2])": logits(exact, x, [0, 2]),
            "exact.loss(logits: [0.5, 2], targets: [-1, 1])": logits(exact, x, [-1, 1]),
            "exact.loss(logits: [0.5, 2], targets: [0, 255] as [UInt8])": {
                try exact.loss(logits: x, targets: bytes)
            },
            "exact.loss(logits: [0.5, 2], targets: [3, 0] as [Int])": {
                try exact.loss(logits: x, targets: [3, 0] as [Int])
            },
            "exact.loss(logits: [0.5, 2], targets: [0, -1] as [Int8])": {
                try exact.loss(logits: x, targets: [0, -1] as [Int8])
            },
            "exact.gradient(logits: [0.5, 2], targets: [0, -inf])": {
                var gradient: [Float] = []
                try exact.gradient(logits: x, targets: [0, -.infinity] as [Float], into: &gradient)
                return Double(gradient[1])
            },
            "unchecked.loss(logits: [0.5, 2], targets: [-1, 1])": logits(unchecked, x, [-1, 1]),
            "unchecked.loss(logits: [0.5, 2], targets: [0, 255] as [UInt8])": {
                try unchecked.loss(logits: x, targets: bytes)
            },
            "exact.loss(probabilities: [0.5, 1.5], targets: [0, 1])": probabilities(exact, [0.5, 1.5], t),
            "pyTorch.loss(probabilities: [0.5, -0.1], targets: [0, 1])":
                probabilities(pyTorch, [0.5, -0.1], t),
            "keras.loss(probabilities: [0.5, 1.5], targets: [0, 1])": probabilities(keras, [0.5, 1.5], t),
            "kerasFocal.loss(probabilities: [0.5, 1.5], targets: [0, 1])":
                probabilities(kerasFocal, [0.5, 1.5], t),
            "unchecked.loss(probabilities: [0.5, 1.5], targets: [0, 1])":
                probabilities(unchecked, [0.5, 1.5], t),
            "exact.loss(logits: [nan, 2], targets: [0, 1])": logits(exact, [.nan, 2], t),
            "exact.loss(logits: [0.5, 2], targets: [nan, 1])": logits(exact, x, [.nan, 1]),
            "missing.loss(logits: [0.5, 2], targets: [nan, 1])": logits(missing, x, [.nan, 1]),
            "exact.loss(logits: [nan, 2], targets: [7, 1], mask: [false, true])": {
                try exact.loss(logits: [.nan, 2], targets: [7, 1] as [Float], mask: [false, true])
            },
            "exact.loss(logits: [inf, -inf], targets: [1, 0])": logits(
                exact, [.infinity, -.infinity], [1, 0]),
            "exact.loss(logits: [inf, 2], targets: [0, 1])": logits(exact, [.infinity, 2], t),
            "exact.loss(probabilities: [0, 0.5], targets: [1, 1])": probabilities(exact, [0, 0.5], [1, 1]),
            "keras.loss(probabilities: [0, 0.5], targets: [1, 1])": probabilities(keras, [0, 0.5], [1, 1]),
            "exact.loss(logits: [], targets: [])": logits(exact, [], []),
            "sum.loss(logits: [], targets: [])": logits(sum, [], []),
            "exact.loss(logits: [0.5, 2], targets: [0, 1], mask: [false, false])": {
                try exact.loss(logits: x, targets: t, mask: [false, false])
            },
            "exact.loss(logits: [0.5, 2], targets: [0, 1], weights: [-1, 1])": {
                try exact.loss(logits: x, targets: t, weights: [-1, 1])
            },
            "exact.loss(logits: [0.5, 2], targets: [0, 1], weights: [nan, 1])": {
                try exact.loss(logits: x, targets: t, weights: [.nan, 1])
            },
            "exact.loss(logits: [0.5, 2], targets: [0])": logits(exact, x, [0]),
            "exact.loss(logits: [0.5, 2], targets: [0, 1], weights: [1])": {
                try exact.loss(logits: x, targets: t, weights: [1])
            },
            "exact.loss(logits: [0.5, 2], targets: [0, 1], columns: 3)": {
                try exact.loss(logits: x, targets: t, columns: 3)
            },
        ]
    }

    func test_everyRowOfTheTable_answersAsItSays() throws {
        let (rows, calls) = (try Self.rows(), try Self.calls())
        XCTAssertEqual(rows.count, 29)
        XCTAssertEqual(Set(rows.map(\.call)), Set(calls.keys))
        for row in rows {
            guard let call = calls[row.call] else { continue }
            do {
                let loss = try call()
                guard let expected = Double(row.answer) else {
                    XCTFail("\(row.call) is \(loss), the table says: \(row.answer)")
                    continue
                }
                let isSame = loss.isNaN ? expected.isNaN : loss == expected || abs(loss - expected) < 5e-5
                XCTAssertTrue(isSame, "\(row.call) is \(loss), the table says \(expected)")
            } catch {
                XCTAssertEqual("\(error)", row.answer, row.call)
            }
        }
    }
}

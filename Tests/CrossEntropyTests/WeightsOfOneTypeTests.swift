// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// Weights of rows, and positive weights, in the type of the predictions: kernels read them in place, or repeat them for
/// several thousand elements at a time. There are more elements than fit in such a block, and its end cuts a row.
final class WeightsOfOneTypeTests: XCTestCase {
    private static let (rows, columns) = (79, 89)

    private enum Kind: CaseIterable {
        case none, rows, positiveColumns, positiveElements, rowsAndPositiveColumns
    }

    private struct Problem<S: LossScalar> {
        let kind: Kind
        let isMasked: Bool
        let logits, targets, rowWeights, columnWeights, elementWeights: [S]
        let mask: [Bool]

        init(_ kind: Kind, isMasked: Bool, seed: UInt64) {
            var generator = SplitMix64(seed: seed)
            func weights(_ count: Int) -> [S] {
                (0..<count).map { _ in S(Double.random(in: 0.25...4, using: &generator)) }
            }
            let count = rows * columns
            (self.kind, self.isMasked) = (kind, isMasked)
            logits = (0..<count).map { _ in S(generator.normal() * 3) }
            targets = (0..<count).map { _ in S(Int.random(in: 0...1, using: &generator)) }
            (rowWeights, columnWeights) = (weights(rows), weights(columns))
            let mask = (0..<count).map { _ in Int.random(in: 0...3, using: &generator) > 0 }
            // Those of elements that do not count may be anything.
            elementWeights = zip(weights(count), mask).map { isMasked && !$1 ? .nan : $0 }
            self.mask = mask
        }

        func withBatch(_ body: (borrowing LossBatch<S>) throws -> Void) throws {
            let plain = try LossBatch(logits: logits.span, targets: targets.span, columns: columns)
            let batch = isMasked ? try plain.masked(by: mask.span) : plain
            switch kind {
            case .none: try body(batch)
            case .rows: try body(batch.weighted(byRow: rowWeights.span))
            case .positiveColumns: try body(batch.positivesWeighted(byColumn: columnWeights.span))
            case .positiveElements: try body(batch.positivesWeighted(byElement: elementWeights.span))
            case .rowsAndPositiveColumns:
                try body(
                    batch.weighted(byRow: rowWeights.span).positivesWeighted(byColumn: columnWeights.span))
            }
        }

        func element(_ index: Int) -> ReferenceElement {
            let (row, column) = (rowWeights[index / columns], columnWeights[index % columns])
            let weight = kind == .rows || kind == .rowsAndPositiveColumns ? Reference(row) : 1
            let positive: Reference =
                switch kind {
                case .none, .rows: 1
                case .positiveElements: Reference(elementWeights[index])
                case .positiveColumns, .rowsAndPositiveColumns: Reference(column)
                }
            return ReferenceElement(
                logit: Reference(logits[index]), target: Reference(targets[index]), weight: weight,
                positive: positive, .plain)
        }

        func counts(_ index: Int) -> Bool { !isMasked || mask[index] }
    }

    private func check<S: LossScalar>(_: S.Type, _ type: ResultType, _ kind: Kind, isMasked: Bool) throws {
        let seed: UInt64 = 611
        let problem = Problem<S>(kind, isMasked: isMasked, seed: seed)
        let elements = problem.logits.indices.map { problem.element($0) }
        let counting = elements.indices.filter(problem.counts)
        let total = counting.reduce(Reference(0)) { $0 + elements[$1].loss.value }
        let (n, bound) = (Reference(counting.count), Reference(S.promise))
        let spread = counting.reduce(Reference(0)) {
            let difference = elements[$1].loss.value - total / n
            return $0 + difference * difference
        }
        let error = (spread / (n * (n - 1))).squareRoot()
        for level in KernelLevel.available {
            let loss = BinaryCrossEntropy.exact.at(level: level)
            let what = "\(S.self) \(kind) masked \(isMasked) \(level) seed \(seed)"
            try problem.withBatch { batch in
                XCTAssertEqual(Reference(try loss.loss(batch)), total / n, accuracy: bound * total / n, what)
                let report = try loss.report(batch)
                XCTAssertEqual(Reference(report.loss), total / n, accuracy: bound * total / n, what)
                // The spread is a difference of sums, a few times as large as it is.
                XCTAssertEqual(
                    Reference(report.standardError), error, accuracy: 10 * bound * error, what)
                XCTAssertEqual(report.count, counting.count, what)
                let gradient = try loss.with(reduction: .sum).gradient(batch)
                for (index, element) in elements.enumerated() {
                    let exact = problem.counts(index) ? element.gradient.value : 0
                    XCTAssertEqual(
                        Reference(gradient[index]), exact, accuracy: 8 * type.ulp(at: exact),
                        "\(what) [\(index)]")
                }
            }
        }
    }

    func test_lossReportAndGradient_weightsOfPredictionsType_matchOracleAtEveryLevel() throws {
        for kind in Kind.allCases {
            for isMasked in [false, true] {
                try check(Float.self, .float, kind, isMasked: isMasked)
                try check(Double.self, .double, kind, isMasked: isMasked)
            }
        }
    }
}

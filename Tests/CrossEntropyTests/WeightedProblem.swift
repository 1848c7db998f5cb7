// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import TestSupport

enum Weighing: String, CaseIterable { case none, byRow, byColumn, byBoth, byElement, masked }

/// Logits, 0/1 targets, and one kind of weights.
struct WeightedProblem {
    let rows: Int
    let columns: Int
    let weighing: Weighing
    let name: String
    var logits: [Double]
    var targets: [UInt8]
    var mask: [Bool]
    var rowWeights: [Double]
    var columnWeights: [Double]
    var weights: [Double]

    init(_ rows: Int, _ columns: Int, _ weighing: Weighing, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        func weights(_ count: Int) -> [Double] {
            // Multiples of 1/4, which Float represents exactly; one in nine is 0.
            (0..<count).map { $0 % 9 == 4 ? 0 : Double.random(in: 1...16, using: &generator).rounded() / 4 }
        }
        (self.rows, self.columns, self.weighing) = (rows, columns, weighing)
        name = "\(rows) x \(columns) weighed \(weighing) seed=\(seed)"
        logits = (0..<rows * columns).map { _ in generator.normal() * 3 }
        targets = logits.map { _ in Bool.random(using: &generator) ? 1 : 0 }
        mask = logits.map { _ in Int.random(in: 0..<4, using: &generator) > 0 }
        rowWeights = weights(rows)
        columnWeights = weights(columns)
        self.weights = weights(rows * columns)
    }

    func withBatch<S: LossScalar>(
        _ logits: [S], _ body: (borrowing LossBatch<S>) throws -> Void
    ) throws {
        let batch = try LossBatch(logits: logits.span, targets: targets.span, columns: columns)
        switch weighing {
        case .none: try body(batch)
        case .byRow: try body(batch.weighted(byRow: rowWeights.span))
        case .byColumn: try body(batch.weighted(byColumn: columnWeights.span))
        case .byBoth:
            try body(batch.weighted(byRow: rowWeights.span).weighted(byColumn: columnWeights.span))
        case .byElement: try body(batch.weighted(byElement: weights.span))
        case .masked: try body(batch.masked(by: mask.span))
        }
    }

    private func weight(_ row: Int, _ column: Int) -> Double {
        switch weighing {
        case .none: 1
        case .byRow: rowWeights[row]
        case .byColumn: columnWeights[column]
        case .byBoth: rowWeights[row] * columnWeights[column]
        case .byElement: weights[row * columns + column]
        case .masked: mask[row * columns + column] ? 1 : 0
        }
    }

    /// The loss and divisor of each row and column, and the weight times the derivative of each element.
    func expected(_ x: [Reference], _ reduction: BinaryCrossEntropy.Reduction) -> (
        rows: [(Reference, Reference)], columns: [(Reference, Reference)], derivatives: [Reference]
    ) {
        var rowSums = [(Reference, Reference)](repeating: (0, 0), count: rows)
        var columnSums = [(Reference, Reference)](repeating: (0, 0), count: columns)
        var derivatives = [Reference](repeating: 0, count: x.count)
        for (row, column) in (0..<rows).flatMap({ row in (0..<columns).map { (row, $0) } }) {
            let index = row * columns + column
            let (weight, t) = (Reference(weight(row, column)), Reference(targets[index]))
            let counts = weighing != .masked || mask[index]
            let loss = weight * ReferenceLoss.logit(x[index], t)
            // s(x) - t, in the form that does not cancel for this target.
            derivatives[index] = weight * (t == 1 ? -1 / (1 + exp(x[index])) : 1 / (1 + exp(-x[index])))
            let part: Reference =
                switch reduction {
                case .sum: 0
                case .mean: counts ? 1 : 0
                case .weightedMean: weight
                }
            rowSums[row] = (rowSums[row].0 + loss, rowSums[row].1 + part)
            columnSums[column] = (columnSums[column].0 + loss, columnSums[column].1 + part)
        }
        func reduced(_ sum: (Reference, Reference)) -> (Reference, Reference) {
            reduction == .sum ? (sum.0, 1) : (sum.0 / sum.1, sum.1)
        }
        return (rowSums.map(reduced), columnSums.map(reduced), derivatives)
    }
}

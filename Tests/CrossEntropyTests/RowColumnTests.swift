import CrossEntropy
import XCTest

/// Losses by row and by column with weights, masks and gradients, against loops in higher precision.
final class RowColumnTests: XCTestCase {
    private static let shapes = [
        (0, 5), (1, 1), (1, 70), (70, 1), (63, 3), (64, 64), (65, 127), (131, 100), (1031, 17), (3, 9001),
    ]

    func test_rowAndColumnLosses_everyWeightAndReduction_matchOracle() throws {
        for (rows, columns) in Self.shapes {
            for reduction in BinaryCrossEntropy.Reduction.allCases {
                for weighing in Weighing.allCases {
                    let problem = Problem(rows, columns, weighing, seed: UInt64(rows * 10_007 + columns))
                    try check(problem, reduction, Float.self)
                    try check(problem, reduction, Double.self)
                }
            }
        }
    }

    private func check<S: LossScalar>(
        _ problem: Problem, _ reduction: BinaryCrossEntropy.Reduction, _: S.Type
    ) throws {
        let (rows, columns) = (problem.rows, problem.columns)
        let x = problem.logits.map { S($0) }
        let options = BinaryCrossEntropy.exact.with(reduction: reduction)
        var gradient = [S](repeating: .nan, count: rows * columns)
        let exact = problem.expected(x.map { Reference($0) }, reduction)
        // Float: 1e-7 of a row; of a column, of which 64 losses are added in Float, what its documentation says.
        let bounds = S.self == Float.self ? (row: 2e-7, column: 1e-6) : (row: 1e-14, column: 1e-14)
        for (byRow, bound) in [(true, bounds.row), (false, bounds.column)] {
            var losses = [Double](repeating: .nan, count: byRow ? rows : columns)
            try problem.withBatch(x) { batch in
                var output = losses.mutableSpan
                var derivatives = gradient.mutableSpan
                if byRow {
                    try options.writeRowLosses(
                        batch, into: &output, writingGradientInto: &derivatives, scale: 2)
                } else {
                    try options.writeColumnLosses(
                        batch, into: &output, writingGradientInto: &derivatives, scale: 2)
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
                // 4 ulp, and the weights' roundings to S.
                XCTAssertEqual(
                    Reference(gradient[index]), expected,
                    accuracy: 8 * Reference(S.ulpOfOne) * abs(expected), "\(what) gradient [\(index)]")
            }
        }
    }

    func test_columnLosses_severalThreads_areTheSameBits() throws {
        let problem = Problem(4001, 300, .byRow, seed: 9)
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
        let expected = Oracle.logit(Float(-9.21), 0)
        for loss in try BinaryCrossEntropy.exact.columnLosses(batch) {
            XCTAssertEqual(Reference(loss), expected, accuracy: 1e-6 * expected)
        }
    }
}

private enum Weighing: String, CaseIterable { case none, byRow, byColumn, byBoth, byElement, masked }

/// Logits, 0/1 targets and weights of one kind.
private struct Problem {
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
        var generator = SeededGenerator(seed: seed)
        func weights(_ count: Int) -> [Double] {
            // Small binary fractions, which Float holds; one in nine is 0.
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

    /// Loss and divisor of each row and column, and weight times derivative of each element.
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
            let loss = weight * Oracle.logit(x[index], t)
            // s(x) - t, from its own side.
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

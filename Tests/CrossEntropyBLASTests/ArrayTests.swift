// SPDX-License-Identifier: Apache-2.0

import CrossEntropyBLAS
import TestSupport
import XCTest

/// Arrays stored in a class: no span of one can be taken while another one is being written.
private final class StoredModel {
    let objective: ArrayLogisticObjective<Double, UInt8>
    var w: [Double]
    var g: [Double] = []

    init(_ objective: ArrayLogisticObjective<Double, UInt8>) {
        self.objective = objective
        w = [Double](repeating: 0, count: objective.parameterCount)
    }

    func step(_ rate: Double) throws -> Double {
        let value = try objective.value(w, gradient: &g)
        for index in w.indices { w[index] -= rate * g[index] }
        return value
    }
}

/// The array forms give the same bits as the span forms, and their outputs may be longer or empty.
final class ArrayTests: XCTestCase {
    private let (rows, columns, labels) = (211, 7, 2)
    private var numbers = SplitMix64(seed: 31)

    func test_pairwiseLosses_ofArrays_areThoseOfMatrices() throws {
        let (m, n, k) = (5, 3, 17)
        let x = numbers.normals(m * k, Float.self)
        let p = x.map { 1 / (1 + exp(-$0)) }
        let t = numbers.bits(n * k)
        var expected = [Float](repeating: 0, count: m * n)
        let left = try MatrixView(x.span, rows: m, columns: k)
        let right = try MatrixView(t.span, rows: n, columns: k)
        var output = try MutableMatrixView(expected.mutableSpan, rows: m, columns: n)
        try BinaryCrossEntropy.exact.writePairwiseLosses(logits: left, targets: right, into: &output)
        XCTAssertEqual(
            try BinaryCrossEntropy.exact.pairwiseLosses(logits: x, targets: t, columns: k), expected)
        var longer = [Float](repeating: 7, count: m * n + 2)
        try BinaryCrossEntropy.exact.pairwiseLosses(logits: x, targets: t, columns: k, into: &longer)
        XCTAssertEqual(longer, expected + [7, 7])
        let fromProbabilities = try BinaryCrossEntropy.exact.pairwiseLosses(
            probabilities: p, targets: t, columns: k)
        for (a, b) in zip(fromProbabilities, expected) { XCTAssertEqual(a, b, accuracy: 1e-5 * b) }
    }

    func test_pairwiseLosses_columnsThatDoNotDivide_areRefused() {
        let x: [Float] = [1, 2, 3]
        for columns in [0, -1, 2] {
            XCTAssertThrowsError(
                try BinaryCrossEntropy.exact.pairwiseLosses(logits: x, targets: x, columns: columns)
            ) {
                XCTAssertEqual(
                    $0 as? CrossEntropyError,
                    .invalidOption(
                        option: "columns", value: Double(columns),
                        allowed: "a divisor of the 3 predictions"))
            }
        }
    }

    func test_objective_ofArrays_isThatOfMatrices() throws {
        let x = numbers.normals(rows * columns, Float.self)
        let t = numbers.bits(rows * labels)
        let weights = (0..<rows).map { Float(1 + $0 % 3) }
        let options = BinaryCrossEntropy.exact.with(reduction: .weightedMean)
        let arrays = try ArrayLogisticObjective(
            features: x, columns: columns, targets: t, labels: labels, rowWeights: weights, loss: options,
            l2: 0.5)
        let objective = try LogisticObjective(
            features: MatrixView(x.span, rows: rows, columns: columns),
            targets: MatrixView(t.span, rows: rows, columns: labels), loss: options, l2: 0.5
        ).weighted(byRow: weights.span)
        let count = objective.parameterCount
        XCTAssertEqual(arrays.parameterCount, count)
        let (w, v) = (numbers.normals(count, Double.self), numbers.normals(count, Double.self))
        func room(_ count: Int) -> [Double] { [Double](repeating: 7, count: count + 1) }
        XCTAssertEqual(try arrays.value(w), try objective.value(w.span))

        var gradient = room(count)
        let value = try arrays.value(w, gradient: &gradient)
        XCTAssertEqual(value, try objective.value(w.span))
        var expected = [Double](repeating: 0, count: count)
        var span = expected.mutableSpan
        _ = try objective.value(w.span, writingGradientInto: &span)
        XCTAssertEqual(gradient, expected + [7])

        var product = room(count)
        try arrays.hessianProduct(w, direction: v, into: &product)
        var product2 = [Double](repeating: 0, count: count)
        var productSpan = product2.mutableSpan
        try objective.writeHessianProduct(w.span, direction: v.span, into: &productSpan)
        XCTAssertEqual(product, product2 + [7])

        let size = count / labels
        var hessian = room(size * size)
        try arrays.hessian(w, label: 1, into: &hessian)
        var hessian2 = [Double](repeating: 0, count: size * size)
        var view = try MutableMatrixView(hessian2.mutableSpan, rows: size, columns: size)
        try objective.writeHessian(w.span, label: 1, into: &view)
        XCTAssertEqual(hessian, hessian2 + [7])

        var logits: [Float] = []
        try arrays.logits(w, into: &logits)
        var logits2 = [Float](repeating: 0, count: rows * labels)
        var logitSpan = logits2.mutableSpan
        try objective.writeLogits(w.span, into: &logitSpan)
        XCTAssertEqual(logits, logits2)
    }

    func test_objective_ofStoredArrays_descends() throws {
        let x = numbers.normals(rows * columns, Double.self)
        let t = (0..<rows).map { UInt8(x[$0 * columns] > 0 ? 1 : 0) }
        let model = StoredModel(try ArrayLogisticObjective(features: x, columns: columns, targets: t))
        let first = try model.step(1)
        XCTAssertEqual(first, log(2), accuracy: 1e-15)
        for _ in 0..<100 { _ = try model.step(1) }
        XCTAssertLessThan(try model.step(1), 0.3)
    }

    func test_objective_wrongArrays_areTypedErrors() {
        func error<R>(_ body: () throws -> R) -> CrossEntropyError? {
            do {
                _ = try body()
                return nil
            } catch { return error as? CrossEntropyError }
        }
        let x = [Float](repeating: 1, count: 12)
        let t: [UInt8] = [0, 1, 1]
        XCTAssertEqual(
            error { try ArrayLogisticObjective(features: x, columns: 5, targets: t) },
            .invalidOption(option: "columns", value: 5, allowed: "a divisor of the 12 features"))
        XCTAssertEqual(
            error { try ArrayLogisticObjective(features: x, columns: 3, targets: t) },
            .shapeMismatch(argument: "targets", rows: 3, columns: 1, expectedRows: 4, expectedColumns: 1))
        XCTAssertEqual(
            error { try ArrayLogisticObjective(features: x, columns: 4, targets: [0, 1, 2] as [UInt8]) },
            .valueOutOfDomain(argument: "targets", index: 2, value: 2, domain: "[0, 1]"))
        XCTAssertEqual(
            error { try ArrayLogisticObjective(features: x, columns: 4, targets: t, rowWeights: [1]) },
            .countMismatch(argument: "row weights", count: 1, expected: 3))
    }
}

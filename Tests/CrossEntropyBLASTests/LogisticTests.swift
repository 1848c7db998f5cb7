// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import TestSupport
import XCTest

/// The logistic objective compared with loops that follow its definition.
final class LogisticTests: XCTestCase {
    /// Rows, columns, labels: sizes around a tile of eight rows, the number of lanes, and a tile of 512 rows.
    private static let shapes = [
        (0, 3, 1), (1, 1, 1), (1, 0, 1), (7, 5, 1), (9, 16, 1), (23, 17, 1), (521, 3, 1), (1031, 3, 1),
        (67, 509, 1),
        (2, 9001, 1), (1, 1, 2), (37, 5, 3), (513, 31, 5), (1500, 67, 2),
    ]

    func test_valueAndDerivatives_everyShape_matchDefinition() throws {
        for (rows, columns, labels) in Self.shapes {
            for hasIntercept in [true, false] where columns > 0 || hasIntercept {
                for gap in [0, 3] {
                    let model = Model(rows, columns, labels, hasIntercept, gap)
                    try check(model, Double.self, BinaryCrossEntropy.exact, 1e-12)
                    try check(model, Float.self, BinaryCrossEntropy.exact.with(reduction: .sum), 3e-6)
                }
            }
        }
    }

    func test_valueAndDerivatives_weightedRows_matchDefinition() throws {
        for reduction in BinaryCrossEntropy.Reduction.allCases {
            let options = BinaryCrossEntropy.exact.with(reduction: reduction)
            for labels in [1, 3] {
                try check(Model(700, 19, labels, true, 0, isWeighted: true), Double.self, options, 1e-12)
            }
        }
    }

    /// - Parameter bound: relative to the sums of magnitudes: 50 units in the last place of Float, 5,000 of Double. The
    ///   errors of sums of 9,001 columns in sixteen chains and of 512 rows in two stay below that.
    private func check<S: LossScalar>(
        _ model: Model, _: S.Type, _ options: BinaryCrossEntropy, _ bound: Reference
    ) throws {
        let x = model.features.map { S($0) }
        let exact = model.expected(x.map { Reference($0) }, options.reduction)
        let what = "\(S.self) \(options.reduction) \(model.name)"
        let room = BLASWorkspace()
        var gradient = [Double](repeating: .nan, count: model.parameters.count)
        var product = gradient
        let size = model.parameters.count / model.labels
        var hessian = [Double](repeating: .nan, count: size * size)

        let features = try MatrixView(
            x.span, rows: model.rows, columns: model.columns, rowStride: model.columns + model.gap)
        let targets = try MatrixView(
            model.targets.span, rows: model.rows, columns: model.labels,
            rowStride: model.labels + model.gap)
        let plain = try LogisticObjective(
            features: features, targets: targets, loss: options, l2: Model.l2,
            hasIntercept: model.hasIntercept)
        let weights = model.weights
        let objective = try model.isWeighted ? plain.weighted(byRow: weights.span) : plain
        XCTAssertEqual(objective.parameterCount, model.parameters.count)
        let (w, v) = (model.parameters, model.direction)
        let value = try objective.value(w.span, workspace: room)
        let bytes = room.byteCount
        XCTAssertLessThanOrEqual(bytes, objective.workspaceByteCount)
        var gradientSpan = gradient.mutableSpan
        let same = try objective.value(w.span, writingGradientInto: &gradientSpan, workspace: room)
        var productSpan = product.mutableSpan
        try objective.writeHessianProduct(w.span, direction: v.span, into: &productSpan, workspace: room)
        XCTAssertEqual(room.byteCount, bytes, "the workspace need not grow")

        func compare(_ a: Double, _ b: (Reference, Reference), _ name: String) {
            if b.0.isNaN { return XCTAssert(a.isNaN, "\(name) \(what)") }
            XCTAssertEqual(Reference(a), b.0, accuracy: bound * b.1, "\(name) \(what)")
        }
        compare(value, exact.value, "value")
        compare(same, exact.value, "value with gradient")
        for index in gradient.indices {
            compare(gradient[index], exact.gradient[index], "gradient[\(index)]")
            compare(product[index], exact.product[index], "product[\(index)]")
        }
        guard size < 100 else { return }
        for label in 0..<model.labels {
            var output = try MutableMatrixView(hessian.mutableSpan, rows: size, columns: size)
            try objective.writeHessian(w.span, label: label, into: &output)
            for row in 0..<size {
                // The product of the Hessian and the direction, computed from the Hessian.
                var (sum, magnitude): (Reference, Reference) = (0, 0)
                for column in 0..<size {
                    let term = Reference(hessian[row * size + column]) * Reference(v[label * size + column])
                    sum += term
                    magnitude += abs(term)
                }
                let expected = exact.product[label * size + row]
                if expected.0.isNaN { continue }
                XCTAssertEqual(
                    sum, expected.0, accuracy: bound * (magnitude + expected.1), "hessian[\(row)] \(what)")
            }
        }
    }

    func test_value_severalThreads_isTheSameBits() throws {
        let model = Model(60_000, 41, 1, true, 0)
        let x = model.features.map { Float($0) }
        let w = model.parameters
        let features = try MatrixView(x.span, rows: model.rows, columns: model.columns)
        var gradients: [[Double]] = []
        var values: [Double] = []
        for threads in [BinaryCrossEntropy.ThreadPolicy.serial, .atMost(2), .atMost(3), .atMost(64)] {
            let objective = try LogisticObjective(
                features: features, targets: model.targets.span,
                loss: BinaryCrossEntropy(threads: threads))
            var gradient = [Double](repeating: 0, count: objective.parameterCount)
            var span = gradient.mutableSpan
            values.append(try objective.value(w.span, writingGradientInto: &span))
            gradients.append(gradient)
        }
        XCTAssertEqual(Set(values).count, 1)
        XCTAssertEqual(Set(gradients).count, 1)
    }

    func test_hessian_ofAFocalLoss_hasBothSigns() throws {
        let focal = try BinaryCrossEntropy(focal: .init(gamma: 2))
        let model = Model(90, 4, 1, true, 0)
        let x = model.features
        let (w, v) = (model.parameters, model.direction)
        let features = try MatrixView(x.span, rows: model.rows, columns: model.columns)
        let objective = try LogisticObjective(features: features, targets: model.targets.span, loss: focal)
        var hessian = [Double](repeating: 0, count: 25)
        var output = try MutableMatrixView(hessian.mutableSpan, rows: 5, columns: 5)
        try objective.writeHessian(w.span, into: &output)
        var product = [Double](repeating: 0, count: 5)
        var span = product.mutableSpan
        try objective.writeHessianProduct(w.span, direction: v.span, into: &span)
        // Central differences of the gradient: the error is h^2 / 6 of the third derivative, and rounding of 1e-16 / h.
        let step = 1e-5
        func gradient(_ sign: Double) throws -> [Double] {
            let moved = zip(w, v).map { $0 + sign * step * $1 }
            var gradient = [Double](repeating: 0, count: 5)
            var span = gradient.mutableSpan
            _ = try objective.value(moved.span, writingGradientInto: &span)
            return gradient
        }
        let (ahead, behind) = (try gradient(1), try gradient(-1))
        for row in 0..<5 {
            let byHessian = (0..<5).reduce(0) { $0 + hessian[row * 5 + $1] * v[$1] }
            let difference = (ahead[row] - behind[row]) / (2 * step)
            XCTAssertEqual(byHessian, difference, accuracy: 1e-8)
            XCTAssertEqual(product[row], difference, accuracy: 1e-8)
        }
    }

    func test_weightedMean_ofMissingTargets_ignoresTheirWeights() throws {
        let (x, t, w, weights): ([Double], [Double], [Double], [Double]) = (
            [1, 3], [1, .nan], [1, 2], [1, .nan]
        )
        let features = try MatrixView(x.span, rows: 2, columns: 1)
        let options = try BinaryCrossEntropy(reduction: .weightedMean, missingTargets: .nan)
        let objective = try LogisticObjective(features: features, targets: t.span, loss: options)
            .weighted(byRow: weights.span)
        XCTAssertEqual(try objective.value(w.span), log1p(exp(-3)), accuracy: 1e-15)
    }

    func test_logits_ofRows_areTheProduct() throws {
        let model = Model(37, 6, 3, true, 0)
        let (x, w) = (model.features, model.parameters)
        let features = try MatrixView(x.span, rows: 37, columns: 6)
        let targets = try MatrixView(model.targets.span, rows: 37, columns: 3)
        let objective = try LogisticObjective(features: features, targets: targets)
        var logits = [Double](repeating: 0, count: 37 * 3)
        var span = logits.mutableSpan
        try objective.writeLogits(w.span, into: &span)
        for (row, label) in (0..<37).flatMap({ row in (0..<3).map { (row, $0) } }) {
            let expected = model.logit(x.map { Reference($0) }, row, label)
            XCTAssertEqual(Reference(logits[row * 3 + label]), expected, accuracy: 1e-13)
        }
    }

    func test_objective_targetOutside_isRefusedUnlessMissingOrUnchecked() throws {
        let x: [Double] = [1, 2, 3, 4]
        let features = try MatrixView(x.span, rows: 4, columns: 1)
        let t: [Double] = [0, 1, -1, 1]
        do {
            _ = try LogisticObjective(features: features, targets: t.span)
            XCTFail("a target of -1 is an objective")
        } catch {
            XCTAssertEqual(
                error,
                .valueOutOfDomain(argument: "targets", index: 2, value: -1, domain: "[0, 1]"))
        }
        let missing = try BinaryCrossEntropy(missingTargets: .value(-1))
        _ = try LogisticObjective(features: features, targets: t.span, loss: missing)
        let unchecked = try BinaryCrossEntropy(domainChecks: .unchecked)
        let objective = try LogisticObjective(features: features, targets: t.span, loss: unchecked)
        let zeros: [Double] = [0, 0]
        // l(0, t) = ln 2 whatever t is.
        XCTAssertEqual(try objective.value(zeros.span), log(2), accuracy: 1e-15)
    }

    func test_objective_wrongArguments_areTypedErrors() throws {
        let x = [Float](repeating: 1, count: 12)
        let t: [UInt8] = [0, 1, 1]
        let features = try MatrixView(x.span, rows: 4, columns: 3)
        func error(_ body: () throws -> Void) -> CrossEntropyError? {
            do {
                try body()
                return nil
            } catch { return error as? CrossEntropyError }
        }
        XCTAssertEqual(
            error { _ = try LogisticObjective(features: features, targets: t.span) },
            .shapeMismatch(argument: "targets", rows: 3, columns: 1, expectedRows: 4, expectedColumns: 1))
        let three = try MatrixView(x.span, rows: 3, columns: 4)
        XCTAssertEqual(
            error { _ = try LogisticObjective(features: three, targets: t.span, l2: -1) },
            .invalidOption(option: "l2", value: -1, allowed: "a finite number of at least 0"))
        let none = try MatrixView(t.span, rows: 3, columns: 0)
        XCTAssertEqual(
            error { _ = try LogisticObjective(features: three, targets: none) },
            .shapeMismatch(argument: "targets", rows: 3, columns: 0, expectedRows: 3, expectedColumns: 1))
        let objective = try LogisticObjective(features: three, targets: t.span)
        let w = [Double](repeating: 0, count: 4)
        XCTAssertEqual(
            error { _ = try objective.value(w.span) },
            .countMismatch(argument: "parameters", count: 4, expected: 5))
        let weights: [Float] = [1]
        XCTAssertEqual(
            error { _ = try objective.weighted(byRow: weights.span) },
            .countMismatch(argument: "row weights", count: 1, expected: 3))
    }
}

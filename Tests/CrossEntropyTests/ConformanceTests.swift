// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import XCTest

/// The results of Keras, PyTorch, scikit-learn, optax, XGBoost and LightGBM, or the exact value if they are wrong; see
/// Scripts/conformance/README.md.
final class ConformanceTests: XCTestCase {
    private static let fixture = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Fixtures/conformance.json")

    private func cases(_ scalar: String) throws -> [ConformanceCase] {
        let all = try JSONDecoder().decode([ConformanceCase].self, from: Data(contentsOf: Self.fixture))
        XCTAssertGreaterThanOrEqual(all.count, 500)
        return all.filter { $0.scalar == scalar }
    }

    func test_everyCase_float_isWhatIsExpected() throws {
        for item in try cases("float32") { try check(item, Float.self) }
    }

    func test_everyCase_double_isWhatIsExpected() throws {
        for item in try cases("float64") { try check(item, Double.self) }
    }

    private func check<S: LossScalar & LosslessStringConvertible>(_ item: ConformanceCase, _: S.Type) throws {
        let expected = item.expect == "answer" ? item.answer : item.truth
        let results = try item.results(S.self)
        XCTAssertEqual(results.count, expected.count, item.name)
        for (index, (result, text)) in zip(results, expected).enumerated() {
            let number = try XCTUnwrap(Double(text), text)
            let agrees =
                number.isNaN
                ? result.isNaN
                : result == number || abs(result - number) <= item.relative * abs(number) + item.absolute
            XCTAssertTrue(
                agrees,
                "\(item.name)[\(index)]: \(result), \(item.expect) \(text), \(item.because); \(item.call)")
        }
    }
}

/// One line of the fixture. Floating-point numbers are strings, because JSON cannot represent some of them.
private struct ConformanceCase: Decodable {
    struct Options: Decodable {
        var preset: String?
        var labelSmoothing: String?
        var positiveWeight: [String]?
        var weights: [String]?
        var weightsBy: String?
        var mask: [UInt8]?
        var focalGamma: String?
        var focalAlpha: String?
        var reduction: String?
    }

    let name, call, domain, scalar, quantity, expect, because: String
    let rows, columns: Int
    let predictions, targets, answer, truth: [String]
    let options: Options
    let relative, absolute: Double

    private func loss() throws -> BinaryCrossEntropy {
        let preset: BinaryCrossEntropy =
            switch options.preset {
            case "keras": .keras
            case "keras2": .keras2
            case "pytorch": .pyTorch
            case "scikit-learn": .scikitLearn
            default: .exact
            }
        let gamma = options.focalGamma.flatMap(Double.init)
        let focal = try gamma.map {
            try BinaryCrossEntropy.Focal(gamma: $0, alpha: options.focalAlpha.flatMap(Double.init))
        }
        return try preset.with(
            labelSmoothing: options.labelSmoothing.flatMap(Double.init), focal: focal
        ).with(reduction: options.reduction.flatMap(BinaryCrossEntropy.Reduction.init) ?? .mean)
    }

    func results<S: LossScalar & LosslessStringConvertible>(_: S.Type) throws -> [Double] {
        let (x, t) = (predictions.map { S($0)! }, targets.map { S($0)! })
        var batch =
            try domain == "logits"
            ? LossBatch(logits: x.span, targets: t.span, columns: columns)
            : LossBatch(probabilities: x.span, targets: t.span, columns: columns)
        let weights = (options.weights ?? []).map { S($0)! }
        switch options.weightsBy {
        case "element": batch = try batch.weighted(byElement: weights.span)
        case "row": batch = try batch.weighted(byRow: weights.span)
        case "column": batch = try batch.weighted(byColumn: weights.span)
        default: break
        }
        var loss = try loss()
        let positive = (options.positiveWeight ?? []).map { S($0)! }
        if positive.count == 1 { loss = try loss.with(positiveWeight: Double(positive[0])) }
        if positive.count > 1 { batch = try batch.positivesWeighted(byColumn: positive.span) }
        let mask = options.mask ?? []
        if !mask.isEmpty { batch = try batch.masked(by: mask.span) }
        switch quantity {
        case "loss": return [try loss.loss(batch)]
        case "losses": return try loss.losses(batch).map { Double($0) }
        case "rowLosses": return try loss.rowLosses(batch)
        default: return try derivatives(loss, batch)
        }
    }

    private func derivatives<S: LossScalar>(
        _ loss: BinaryCrossEntropy, _ batch: borrowing LossBatch<S>
    ) throws -> [Double] {
        guard quantity == "hessian" else { return try loss.gradient(batch).map { Double($0) } }
        var (first, second) = ([S](repeating: 0, count: batch.count), [S](repeating: 0, count: batch.count))
        var gradient = first.mutableSpan
        var hessian = second.mutableSpan
        _ = try loss.loss(batch, writingGradientInto: &gradient, hessianDiagonal: &hessian)
        return second.map { Double($0) }
    }
}

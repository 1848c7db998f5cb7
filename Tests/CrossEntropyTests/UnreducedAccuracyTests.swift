import CrossEntropy
import XCTest

/// Losses that are not reduced, against the oracle rounded to the element type: within 4 ulp, also where results are
/// subnormal.
final class UnreducedAccuracyTests: XCTestCase {
    private let count = 20_001

    private func note<S: TestScalar>(
        _ results: [S], _ item: Case<S>, _ element: Oracle.Element, _ worst: inout WorstError
    ) {
        XCTAssertEqual(results.count, item.predictions.count)
        for (index, result) in results.enumerated() {
            let (prediction, target) = (item.predictions[index], item.targets[index])
            let exact = element(prediction.reference, target.reference)
            worst.note(
                ulpError(result, exact), "\(prediction), target \(target): \(result), \(item.name)[\(index)]")
        }
    }

    private func checkLogits<S: TestScalar>(_ kind: Kind<S>) throws {
        var worst = WorstError()
        let item = Case(kind, count: count, seed: 31)
        let losses = try BinaryCrossEntropy.exact.losses(logits: item.predictions, targets: item.targets)
        note(losses, item, Oracle.logit, &worst)
        worst.check("losses, \(kind.name), \(S.self)", atMost: 4 + oracleUlps, "ulp")
    }

    private func checkProbabilities<S: TestScalar>(_ kind: Kind<S>) throws {
        var worst = WorstError()
        let item = Case(kind, count: count, seed: 32)
        let losses = try BinaryCrossEntropy.exact.losses(
            probabilities: item.predictions, targets: item.targets)
        note(losses, item, Oracle.probability, &worst)
        worst.check("losses, \(kind.name), \(S.self)", atMost: 4 + oracleUlps, "ulp")
    }

    private func checkLogitKinds<S: TestScalar>(_: S.Type) throws {
        for labels in Labels.allCases {
            for spread in [0.1, 1, 10, 50] { try checkLogits(Kind<S>.logits(spread: spread, labels)) }
        }
        try checkLogits(Kind<S>.mixedLogits)
    }

    func test_lossesOfLogits_floats_within4Ulp() throws { try checkLogitKinds(Float.self) }
    func test_lossesOfLogits_doubles_within4Ulp() throws { try checkLogitKinds(Double.self) }

    private func checkProbabilityKinds<S: TestScalar>(_: S.Type) throws {
        for kind in Kind<S>.hardLossKinds + Kind<S>.softLossKinds { try checkProbabilities(kind) }
    }

    func test_lossesOfProbabilities_floats_within4Ulp() throws { try checkProbabilityKinds(Float.self) }
    func test_lossesOfProbabilities_doubles_within4Ulp() throws { try checkProbabilityKinds(Double.self) }

    /// The loss of a right and certain prediction is p or e^-x itself, down to the smallest number there is.
    private func checkSubnormal<S: TestScalar>(_: S.Type, logits: ClosedRange<Double>) throws {
        try checkLogits(
            Kind<S>("subnormal losses of logits") { generator in
                let x = S(generator.uniform(logits.lowerBound, logits.upperBound))
                return generator.coin() ? (x, 1) : (-x, 0)
            })
        try checkProbabilities(
            Kind<S>("subnormal probabilities") { generator in
                let p = S.leastNonzeroMagnitude * S(generator.magnitude(1, 0x1p22).rounded())
                return (p, [0, 1, 0.3][Int(generator.next() % 3)])
            })
    }

    func test_losses_subnormalFloats_within4Ulp() throws {
        try checkSubnormal(Float.self, logits: 85...105)
    }
    func test_losses_subnormalDoubles_within4Ulp() throws {
        try checkSubnormal(Double.self, logits: 706...747)
    }
}

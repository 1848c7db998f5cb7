import CrossEntropy
import XCTest

/// Reduced losses of probabilities against the oracle: relative error within 1e-7 (Float, inputs taken as exact) and
/// 1e-14 (Double).
final class ProbabilityAccuracyTests: XCTestCase {
    private func error<S: TestScalar>(of item: Case<S>) throws -> Double {
        let sum = try BinaryCrossEntropy.exact.with(reduction: .sum)
            .loss(probabilities: item.predictions, targets: item.targets)
        return relativeError(sum, item.exactSum(Oracle.probability))
    }

    private func check<S: TestScalar>(_ kinds: [Kind<S>], _ counts: [Int]) throws {
        for kind in kinds {
            var worst = WorstError()
            for count in counts {
                for seed in seeds(for: count) {
                    let item = Case(kind, count: count, seed: seed)
                    worst.note(try error(of: item), item.name)
                }
            }
            worst.check("loss, \(kind.name), \(S.self)", atMost: S.promise, "relative")
        }
    }

    func test_loss_floatsHardTargets_within1e7() throws {
        try check(Kind<Float>.hardLossKinds, promisedCounts)
    }
    func test_loss_doublesHardTargets_within1e14() throws {
        try check(Kind<Double>.hardLossKinds, promisedCounts)
    }
    func test_loss_floatsSoftTargets_within1e7() throws {
        try check(Kind<Float>.softLossKinds, promisedCounts.filter { $0 <= 1_000_000 })
    }
    func test_loss_doublesSoftTargets_within1e14() throws {
        try check(Kind<Double>.softLossKinds, promisedCounts.filter { $0 <= 1_000_000 })
    }

    /// One element: nothing averages out.
    private func checkOne<S: TestScalar>(_: S.Type) throws {
        for target in [0, 1, 0.25, 0.999] as [S] {
            var worst = WorstError()
            var generator = SeededGenerator(seed: 12)
            for _ in 0..<20_000 {
                let small = generator.magnitude(1e-30, 0.5)
                let p = generator.coin() || small < S.roundoff ? S(small) : 1 - S(small)
                let item = Case(constant: p, target, count: 1)
                worst.note(try error(of: item), item.name)
            }
            worst.check("loss, one probability, target \(target), \(S.self)", atMost: S.promise, "relative")
        }
    }

    func test_loss_oneFloat_within1e7() throws { try checkOne(Float.self) }
    func test_loss_oneDouble_within1e14() throws { try checkOne(Double.self) }
}

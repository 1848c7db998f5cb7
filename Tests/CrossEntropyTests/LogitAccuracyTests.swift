import CrossEntropy
import XCTest

/// Reduced losses of logits against the oracle: relative error within 1e-7 (Float, inputs taken as exact) and 1e-14
/// (Double).
final class LogitAccuracyTests: XCTestCase {
    private func error<S: TestScalar>(of item: Case<S>) throws -> Double {
        let sum = try BinaryCrossEntropy.exact.with(reduction: .sum)
            .loss(logits: item.predictions, targets: item.targets)
        return relativeError(sum, item.exactSum(Oracle.logit))
    }

    private func checkKinds<S: TestScalar>(_: S.Type) throws {
        for spread in [0.1, 1, 10, 50] {
            var worst = WorstError()
            for count in promisedCounts {
                for labels in Labels.tried(count) {
                    for seed in seeds(for: count) {
                        let item = Case(Kind<S>.logits(spread: spread, labels), count: count, seed: seed)
                        worst.note(try error(of: item), item.name)
                    }
                }
            }
            worst.check("loss, logits of spread \(spread), \(S.self)", atMost: S.promise, "relative")
        }
    }

    func test_loss_floatSpreads_within1e7() throws { try checkKinds(Float.self) }
    func test_loss_doubleSpreads_within1e14() throws { try checkKinds(Double.self) }

    private func checkMixed<S: TestScalar>(_: S.Type) throws {
        var worst = WorstError()
        for count in [1, 16, 17, 64, 1000, 10_000] {
            for seed in seeds(for: count) {
                let item = Case(Kind<S>.mixedLogits, count: count, seed: seed)
                worst.note(try error(of: item), item.name)
            }
        }
        worst.check("loss, mixed logits, \(S.self)", atMost: S.promise, "relative")
    }

    func test_loss_mixedFloats_within1e7() throws { try checkMixed(Float.self) }
    func test_loss_mixedDoubles_within1e14() throws { try checkMixed(Double.self) }

    /// One element: nothing averages out, and the steps between binades are where errors peak.
    private func checkOne<S: TestScalar>(_: S.Type) throws {
        var worst = WorstError()
        for target in [0, 1, 0.25, 0.999] as [S] {
            var generator = SeededGenerator(seed: 11)
            for _ in 0..<20_000 {
                let x = S(generator.magnitude(1e-10, 80)) * (generator.coin() ? 1 : -1)
                let item = Case(constant: x, target, count: 1)
                worst.note(try error(of: item), item.name)
            }
        }
        worst.check("loss, one logit, \(S.self)", atMost: S.promise, "relative")
    }

    func test_loss_oneFloat_within1e7() throws { try checkOne(Float.self) }
    func test_loss_oneDouble_within1e14() throws { try checkOne(Double.self) }

    /// e^-700 is 1e-304: the loss of one certain and right prediction is tiny, and still a number with all its digits,
    /// also for Float, where e^-104 is 0.
    private func checkCertain<S: TestScalar>(_: S.Type) throws {
        var worst = WorstError()
        for step in 0...6000 {
            let x = S(100 + Double(step) / 10)
            for item in [Case(constant: x, 1, count: 1), Case(constant: -x, 0, count: 1)] {
                worst.note(try error(of: item), item.name)
            }
        }
        worst.check("loss, one logit of 100 to 700, \(S.self)", atMost: S.promise, "relative")
    }

    func test_loss_certainFloat_keepsRelativeAccuracy() throws { try checkCertain(Float.self) }
    func test_loss_certainDouble_keepsRelativeAccuracy() throws { try checkCertain(Double.self) }

    /// The sum is a Double: it does not overflow where Floats would.
    func test_loss_largestFloatsDisagreeing_isFinite() throws {
        for count in [1, 4, 16, 64, 1000] {
            let item = Case(constant: Float.greatestFiniteMagnitude, 0, count: count)
            XCTAssertLessThanOrEqual(try error(of: item), Float.promise, item.name)
        }
    }
}

import CrossEntropy
import XCTest

/// Buffers of equal elements, and of a repeated pattern: rounding errors are the same everywhere, so that they add up
/// where those of random data average out.
final class ConstantAccuracyTests: XCTestCase {
    /// About a vector, a block, a tile, and several tiles.
    private let counts = [15, 16, 17, 64, 1000, 4096, 8192, 8193, 100_003]

    private func checkProbabilities<S: TestScalar>(_ probabilities: [S], _ targets: [S]) throws {
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        for target in targets {
            var worst = WorstError()
            for count in counts {
                for p in probabilities {
                    let item = Case(constant: p, target, count: count)
                    let result = try sum.loss(probabilities: item.predictions, targets: item.targets)
                    worst.note(relativeError(result, item.exactSum(Oracle.probability)), item.name)
                }
            }
            worst.check(
                "loss, equal probabilities, target \(target), \(S.self)", atMost: S.promise, "relative")
        }
    }

    private func probabilities<S: TestScalar>(_: S.Type) -> [S] {
        let round: [S] = [1e-30, 1e-9, 1e-6, 1e-4, 0.01, 0.1, 0.3, 0.4999, 0.5, 0.5001, 0.7, 0.999, 1 - S.ulpOfOne / 2]
        var generator = SeededGenerator(seed: 21)
        // Where the library changes from products to logarithms: losses of about 2^-28 and 2^-6.
        return round + (0..<10).map { _ in S(0x1p-6 * generator.uniform(0.9, 1.2)) }
            + (0..<10).map { _ in S(0x1p-28 * generator.uniform(0.9, 1.2)) }
            + (0..<10).map { _ in S(generator.uniform(0, 1)) }
    }

    func test_loss_equalFloatProbabilities_within1e7() throws {
        try checkProbabilities(probabilities(Float.self), [0, 1, 0.3])
    }
    func test_loss_equalDoubleProbabilities_within1e14() throws {
        try checkProbabilities(probabilities(Double.self), [0, 1, 0.3])
    }

    private func checkLogits<S: TestScalar>(_: S.Type) throws {
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        var generator = SeededGenerator(seed: 22)
        let logits: [S] =
            [-100, -50, -20.723, -9.21, -1, -0.1, 0, 0.3, 2.7, 20.7, 85, 87.5, 104, 120]
            + (0..<20).map { _ in S(5 * generator.normal()) }
        for target in [0, 1, 0.3] as [S] {
            var worst = WorstError()
            for count in counts {
                for x in logits {
                    let item = Case(constant: x, target, count: count)
                    let result = try sum.loss(logits: item.predictions, targets: item.targets)
                    worst.note(relativeError(result, item.exactSum(Oracle.logit)), item.name)
                }
            }
            worst.check("loss, equal logits, target \(target), \(S.self)", atMost: S.promise, "relative")
        }
    }

    func test_loss_equalFloatLogits_within1e7() throws { try checkLogits(Float.self) }
    func test_loss_equalDoubleLogits_within1e14() throws { try checkLogits(Double.self) }

    /// Four vectors, each of one value, again and again: what is rounded when vectors are combined does not average out.
    private func checkPattern<S: TestScalar>(_: S.Type) throws {
        var (ofLogits, ofProbabilities) = (WorstError(), WorstError())
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        for seed in 1...2000 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let x = (0..<4).map { _ in S(generator.uniform(-6, 0)) }
            let p = (0..<4).map { _ in S(generator.magnitude(1e-4, 0.9)) }
            let zeros = [S](repeating: 0, count: 64)
            let four = [S](repeating: 0, count: 4)
            let result = try sum.loss(logits: (0..<64).map { x[$0 / 16] }, targets: zeros)
            ofLogits.note(relativeError(result, 16 * Oracle.sum(x, four, Oracle.logit)), "seed=\(seed), \(x)")
            let second = try sum.loss(probabilities: (0..<64).map { p[$0 / 16] }, targets: zeros)
            ofProbabilities.note(
                relativeError(second, 16 * Oracle.sum(p, four, Oracle.probability)), "seed=\(seed), \(p)")
        }
        ofLogits.check("loss, four logits repeated, \(S.self)", atMost: S.promise, "relative")
        ofProbabilities.check("loss, four probabilities repeated, \(S.self)", atMost: S.promise, "relative")
    }

    func test_loss_floatPatterns_within1e7() throws { try checkPattern(Float.self) }
    func test_loss_doublePatterns_within1e14() throws { try checkPattern(Double.self) }
}

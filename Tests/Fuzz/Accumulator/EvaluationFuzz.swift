// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// The same for evaluations: any that is accepted must be safe to read, and survive merging, encoding and decoding.
enum EvaluationFuzz {
    static func seed(_ logits: [Double]) throws -> Data {
        var evaluation = try BinaryEvaluation(binCount: 3)
        try BinaryCrossEntropy.exact.add(
            ArrayBatch(logits: logits, targets: logits.map { $0 > 0 ? 0 : 0.75 }), to: &evaluation)
        return try JSONEncoder().encode(evaluation)
    }

    static func run(_ parts: [Data]) {
        let evaluations = parts.compactMap { try? JSONDecoder().decode(BinaryEvaluation.self, from: $0) }
        for evaluation in evaluations { check(evaluation) }
        guard evaluations.count == 2 else { return }
        var (total, reverse) = (evaluations[0], evaluations[1])
        do { try total.merge(evaluations[1]) } catch { return }
        do { try reverse.merge(evaluations[0]) } catch {
            preconditionFailure("merging is refused in one order alone")
        }
        precondition(total == reverse, "merging depends on the order")
        check(total)
    }

    private static func check(_ evaluation: BinaryEvaluation) {
        precondition(evaluation.count >= 0, "count is \(evaluation.count)")
        _ = (evaluation.logLossInterval, evaluation.normalizedEntropy, evaluation.brierScore)
        _ = (evaluation.expectedCalibrationError, evaluation.logOddsReliability, evaluation.areaUnderROC)
        guard let encoded = try? JSONEncoder().encode(evaluation),
            let decoded = try? JSONDecoder().decode(BinaryEvaluation.self, from: encoded)
        else { preconditionFailure("what was decoded cannot be encoded and decoded again") }
        precondition(decoded == evaluation, "another evaluation comes back from its encoding")
    }
}

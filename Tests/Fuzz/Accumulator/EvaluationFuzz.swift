// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

extension BinaryEvaluation: FuzzedSums {
    static var kind: Character { "e" }

    static func seed(_ logits: [Double]) throws -> BinaryEvaluation {
        var evaluation = try BinaryEvaluation(binCount: 3)
        try BinaryCrossEntropy.exact.add(
            ArrayBatch(logits: logits, targets: logits.map { $0 > 0 ? 0 : 0.75 }), to: &evaluation)
        return evaluation
    }

    func use() {
        precondition(count >= 0, "count is \(count)")
        _ = (logLossInterval, normalizedEntropy, brierScore)
        _ = (expectedCalibrationError, logOddsReliability, areaUnderROC)
    }
}

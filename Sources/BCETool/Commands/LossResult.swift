// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// What `bce loss` prints: all of it with `--json`; otherwise the loss, or the losses of rows or columns, and the
/// report.
struct LossResult: Encodable {
    let loss: Double
    /// The number of elements that count.
    let count: Int
    let reduction: String
    let input: String
    let preset: String
    /// The type of the predictions.
    let scalar: String
    /// The maximum number of threads: a small number of elements does not justify a second one.
    let threads: Int
    let rowLosses: [Double]?
    let columnLosses: [Double]?
    let ignoredCount: Int?
    let weightSum: Double?
    let clippedCount: Int?
    let saturatedCount: Int?
    let standardError: Double?

    init<P>(
        _ total: LossAccumulator, _ reduction: BinaryCrossEntropy.Reduction, input: InputOptions,
        formula: FormulaOptions, scalar: P.Type, rowLosses: [Double]?, columnLosses: [Double]?,
        report: LossReport?
    ) {
        loss = reduction.loss(total)
        count = total.count
        self.reduction = reduction.rawValue
        self.input = input.logits ? "logits" : "probabilities"
        preset = formula.preset.rawValue
        self.scalar = "\(scalar)"
        threads = formula.threads ?? ProcessInfo.processInfo.activeProcessorCount
        self.rowLosses = rowLosses
        self.columnLosses = columnLosses
        ignoredCount = report?.ignoredCount
        weightSum = report?.weightSum
        clippedCount = report?.clippedCount
        saturatedCount = report?.saturatedCount
        standardError = report?.standardError
    }

    var text: String {
        let losses = (rowLosses ?? columnLosses ?? [loss]).map { "\($0)" }
        guard let ignoredCount, let weightSum, let clippedCount, let saturatedCount, let standardError else {
            return losses.joined(separator: "\n")
        }
        let report = [
            "count           \(count)", "ignored         \(ignoredCount)", "weight sum      \(weightSum)",
            "clipped         \(clippedCount)", "saturated       \(saturatedCount)",
            "standard error  \(standardError)",
        ]
        return (losses + report).joined(separator: "\n")
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

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
    let groups: [GroupLossTable.Row]?
    let groupCount: Int?
    private let groupText: String?

    private enum CodingKeys: CodingKey {
        case loss, count, reduction, input, preset, scalar, threads, rowLosses, columnLosses
        case ignoredCount, weightSum, clippedCount, saturatedCount, standardError, groups, groupCount
    }

    init<P>(
        _ total: LossAccumulator, _ reduction: BinaryCrossEntropy.Reduction, input: InputOptions,
        formula: FormulaOptions, scalar: P.Type, rowLosses: [Double]?, columnLosses: [Double]?,
        report: LossReport?, groups: GroupLossTable?
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
        self.groups = groups?.rows
        groupCount = groups?.groupCount
        groupText = groups?.text
    }

    var text: String {
        let losses = (rowLosses ?? columnLosses ?? [loss]).map { "\($0)" }
        return (losses + reportLines + (groupText.map { ["", $0] } ?? [])).joined(separator: "\n")
    }

    private var reportLines: [String] {
        guard let ignoredCount, let weightSum, let clippedCount, let saturatedCount, let standardError else {
            return []
        }
        return [
            "count           \(count)", "ignored         \(ignoredCount)", "weight sum      \(weightSum)",
            "clipped         \(clippedCount)", "saturated       \(saturatedCount)",
            "standard error  \(standardError)",
        ]
    }
}

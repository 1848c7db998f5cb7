// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The numbers that the calls on a batch return: sums (of the whole batch, rows, columns and groups), and numbers for
/// each element.
struct EveryResult {
    private(set) var sums: [String: [Double]] = [:]
    private(set) var elements: [String: [Double]] = [:]

    init<P>(_ batch: borrowing LossBatch<P>, _ bce: BinaryCrossEntropy, hessian: Bool) throws {
        elements["losses"] = try bce.losses(batch).map { Double($0) }
        elements["gradient"] = try bce.gradient(batch).map { Double($0) }
        var gradient = [P.LossResult](repeating: 0, count: batch.count)
        var second = gradient
        var span = gradient.mutableSpan
        if hessian {
            var secondSpan = second.mutableSpan
            sums["loss with derivatives"] = [
                try bce.loss(batch, writingGradientInto: &span, hessianDiagonal: &secondSpan)
            ]
        } else {
            sums["loss with gradient"] = [try bce.loss(batch, writingGradientInto: &span)]
        }
        elements["gradient with loss"] = gradient.map { Double($0) }
        elements["hessian"] = second.map { Double($0) }

        sums["loss"] = [try bce.loss(batch)]
        sums["rows"] = try bce.rowLosses(batch).map { Double($0) }
        sums["columns"] = try bce.columnLosses(batch).map { Double($0) }
        let report = try bce.report(batch)
        sums["report"] = [
            report.loss, report.standardError, report.weightSum, Double(report.count),
            Double(report.ignoredCount), Double(report.clippedCount), Double(report.saturatedCount),
        ]
        var total = LossAccumulator()
        try bce.add(batch, to: &total)
        sums["accumulator"] = [total.sum, total.weightSum, Double(total.count)]
        var evaluation = try BinaryEvaluation()
        try bce.add(batch, to: &evaluation)
        sums["evaluation"] = [
            evaluation.logLoss, evaluation.brierScore, evaluation.baseRate, evaluation.meanPrediction,
            evaluation.expectedCalibrationError,
        ]
        try addGroups(batch, bce)
    }

    /// Every third row, or element of a single row, is in the same group.
    private mutating func addGroups<P>(_ batch: borrowing LossBatch<P>, _ bce: BinaryCrossEntropy) throws {
        var groups = GroupedLosses(groupCount: 3)
        let numbers = (0..<(batch.rows == 1 ? batch.count : batch.rows)).map { $0 % 3 }
        try bce.add(batch, groups: numbers.span, to: &groups)
        sums["groups"] = (0..<3).flatMap { number in
            let group = groups[number]
            return [group.sum, group.targetSum, group.weightSum, Double(group.count)]
        }
    }
}

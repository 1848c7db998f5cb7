// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// What `bce evaluate` prints.
struct EvaluationResult: Encodable {
    let count: Int
    let weightSum: Double
    let logLoss: Double
    let standardError: Double
    /// The lower and the upper end of the 95% interval, as in all intervals.
    let logLossInterval: [Double]
    let normalizedEntropy: Double
    let brierScore: Double
    let baseRate: Double
    let meanPrediction: Double
    let calibrationRatio: Double
    let expectedCalibrationError: Double
    let areaUnderROC: Double
    let areaUnderROCError: Double
    let reliability: [Bin]
    let logOddsReliability: [Bin]
    let groups: [GroupLossTable.Row]?
    let groupCount: Int?
    private let groupText: String?

    struct Bin: Encodable {
        let lower: Double
        let upper: Double
        let count: Int
        let weightSum: Double
        let meanPrediction: Double
        let meanTarget: Double
        let meanTargetInterval: [Double]

        init(_ bin: ReliabilityBin) {
            (lower, upper, count, weightSum) = (bin.lower, bin.upper, bin.count, bin.weightSum)
            (meanPrediction, meanTarget) = (bin.meanPrediction, bin.meanTarget)
            meanTargetInterval = [bin.meanTargetInterval.lower, bin.meanTargetInterval.upper]
        }
    }

    private enum CodingKeys: CodingKey {
        case count, weightSum, logLoss, standardError, logLossInterval, normalizedEntropy, brierScore,
            baseRate
        case meanPrediction, calibrationRatio, expectedCalibrationError, areaUnderROC, areaUnderROCError
        case reliability, logOddsReliability, groups, groupCount
    }

    init(_ evaluation: BinaryEvaluation, _ groups: GroupLossTable?) {
        (count, weightSum) = (evaluation.count, evaluation.weightSum)
        (logLoss, standardError) = (evaluation.logLoss, evaluation.standardError)
        logLossInterval = [evaluation.logLossInterval.lower, evaluation.logLossInterval.upper]
        (normalizedEntropy, brierScore) = (evaluation.normalizedEntropy, evaluation.brierScore)
        (baseRate, meanPrediction) = (evaluation.baseRate, evaluation.meanPrediction)
        calibrationRatio = evaluation.calibrationRatio
        expectedCalibrationError = evaluation.expectedCalibrationError
        let area = evaluation.areaUnderROC
        (areaUnderROC, areaUnderROCError) = (area.value, area.error)
        reliability = evaluation.reliability.map(Bin.init)
        logOddsReliability = evaluation.logOddsReliability.map(Bin.init)
        self.groups = groups?.rows
        groupCount = groups?.groupCount
        groupText = groups?.text
    }

    /// The measures with their names, formatted for reading.
    var measures: [(name: String, value: String)] {
        let interval = logLossInterval.map { $0.formatted(places: 6) }.joined(separator: " to ")
        return [
            ("rows", "\(count)"),
            ("log loss", "\(logLoss.formatted(places: 6))  (95%: \(interval))"),
            ("normalized entropy", normalizedEntropy.formatted(places: 6)),
            ("Brier score", brierScore.formatted(places: 6)),
            ("mean target", baseRate.formatted(places: 6)),
            ("mean prediction", meanPrediction.formatted(places: 6)),
            ("prediction / target", calibrationRatio.formatted(places: 4)),
            ("calibration error", expectedCalibrationError.formatted(places: 6)),
            (
                "area under ROC",
                "\(areaUnderROC.formatted(places: 6))  (within \(areaUnderROCError.formatted(places: 6)))"
            ),
        ]
    }

    var text: String {
        let width = measures.map(\.name.count).max()! + 2
        let lines = measures.map { $0.name + String(repeating: " ", count: width - $0.name.count) + $0.value }
        let bins = reliability.map { bin in
            [
                "\(bin.lower.formatted(places: 3)) to \(bin.upper.formatted(places: 3))", "\(bin.count)",
                bin.meanPrediction.formatted(places: 6), bin.meanTarget.formatted(places: 6),
                bin.meanTargetInterval.map { $0.formatted(places: 6) }.joined(separator: " to "),
            ]
        }
        let table = TextTable(
            ["predictions", "rows", "mean prediction", "mean target", "95% interval"], bins
        ).lines
        return (lines + [""] + table + (groupText.map { ["", $0] } ?? [])).joined(separator: "\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

typealias Evaluation = Object<BinaryEvaluation>

@c @implementation
public func ce_evaluation_create(
    _ binCount: Int64, _ evaluation: UnsafeMutablePointer<OpaquePointer?>?
) -> ce_status {
    attempt { try Evaluation.create(BinaryEvaluation(binCount: Int(binCount)), evaluation, "evaluation") }
}

@c @implementation
public func ce_evaluation_destroy(_ evaluation: OpaquePointer?) { Evaluation.destroy(evaluation) }

@c @implementation
public func ce_evaluation_add(
    _ evaluation: OpaquePointer?, _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?
) -> ce_status {
    attempt {
        let (options, batch) = try (BinaryCrossEntropy(options), BatchMemory(batch))
        try Evaluation.at(evaluation, "evaluation").change { try options.add(batch, to: &$0) }
    }
}

@c @implementation
public func ce_evaluation_merge(_ evaluation: OpaquePointer?, _ other: OpaquePointer?) -> ce_status {
    attempt {
        let added = try Evaluation.at(other, "other").current
        try Evaluation.at(evaluation, "evaluation").change { try $0.merge(added) }
    }
}

@c @implementation
public func ce_evaluation_measures(
    _ evaluation: OpaquePointer?, _ measures: UnsafeMutablePointer<ce_measures>?
) -> ce_status {
    attempt {
        let measures = try place(measures, "measures")
        measures.pointee = try ce_measures(Evaluation.at(evaluation, "evaluation").current)
    }
}

@c @implementation
public func ce_evaluation_bins(
    _ evaluation: OpaquePointer?, _ byLogOdds: Int32, _ binSize: Int, _ bins: UnsafeMutablePointer<ce_bin>?,
    _ room: Int64, _ count: UnsafeMutablePointer<Int64>?
) -> ce_status {
    attempt {
        let scores = try Evaluation.at(evaluation, "evaluation").current
        let count = try output(count, "count")
        try checkSize(binSize, "bin_size", ce_bin.self)
        let found = byLogOdds == 0 ? scores.reliability : scores.logOddsReliability
        count.pointee = Int64(found.count)
        guard let bins else { return }
        try check(bins, "bins", count: found.count, alignment: MemoryLayout<ce_bin>.alignment)
        guard room >= found.count else {
            throw CrossEntropyError.outputTooShort(argument: "bins", count: Int(room), needed: found.count)
        }
        for (index, bin) in found.enumerated() { bins[index] = ce_bin(bin) }
    }
}

extension ce_measures {
    fileprivate init(_ evaluation: BinaryEvaluation) {
        let area = evaluation.areaUnderROC
        self.init(
            size: MemoryLayout<ce_measures>.size, count: Int64(evaluation.count),
            weight_sum: evaluation.weightSum, log_loss: evaluation.logLoss,
            standard_error: evaluation.standardError, base_rate: evaluation.baseRate,
            mean_prediction: evaluation.meanPrediction, calibration_ratio: evaluation.calibrationRatio,
            normalized_entropy: evaluation.normalizedEntropy, brier_score: evaluation.brierScore,
            expected_calibration_error: evaluation.expectedCalibrationError, area_under_roc: area.value,
            area_under_roc_error: area.error)
    }
}

extension ce_bin {
    fileprivate init(_ bin: ReliabilityBin) {
        self.init(
            lower: bin.lower, upper: bin.upper, count: Int64(bin.count), weight_sum: bin.weightSum,
            mean_prediction: bin.meanPrediction, mean_target: bin.meanTarget,
            mean_target_lower: bin.meanTargetInterval.lower, mean_target_upper: bin.meanTargetInterval.upper)
    }
}

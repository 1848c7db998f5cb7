// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

typealias Accumulator = Object<LossAccumulator>

@c @implementation
public func ce_accumulator_create(
    _ keepsReport: Int32, _ accumulator: UnsafeMutablePointer<OpaquePointer?>?
) -> ce_status {
    attempt {
        try Accumulator.create(LossAccumulator(keepsReport: keepsReport != 0), accumulator, "accumulator")
    }
}

@c @implementation
public func ce_accumulator_destroy(_ accumulator: OpaquePointer?) { Accumulator.destroy(accumulator) }

@c @implementation
public func ce_accumulator_add(
    _ accumulator: OpaquePointer?, _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?
) -> ce_status {
    attempt {
        let (options, batch) = try (BinaryCrossEntropy(options), BatchMemory(batch))
        try Accumulator.at(accumulator, "accumulator").change { try options.add(batch, to: &$0) }
    }
}

@c @implementation
public func ce_accumulator_merge(_ accumulator: OpaquePointer?, _ other: OpaquePointer?) -> ce_status {
    attempt {
        let added = try Accumulator.at(other, "other").current
        try Accumulator.at(accumulator, "accumulator").change { try $0.merge(added) }
    }
}

@c @implementation
public func ce_accumulator_totals(
    _ accumulator: OpaquePointer?, _ totals: UnsafeMutablePointer<ce_totals>?
) -> ce_status {
    attempt {
        let totals = try place(totals, "totals")
        let sums = try Accumulator.at(accumulator, "accumulator").current
        totals.pointee = ce_totals(
            size: MemoryLayout<ce_totals>.size, count: Int64(sums.count), sum: sums.sum,
            weight_sum: sums.weightSum, mean: sums.mean, weighted_mean: sums.weightedMean)
    }
}

@c @implementation
public func ce_accumulator_report(
    _ accumulator: OpaquePointer?, _ reduction: Int32, _ report: UnsafeMutablePointer<ce_report>?
) -> ce_status {
    attempt {
        let report = try place(report, "report")
        let sums = try Accumulator.at(accumulator, "accumulator").current
        guard let result = try sums.report(.init(reduction)) else { throw NoReport() }
        report.pointee = ce_report(result)
    }
}

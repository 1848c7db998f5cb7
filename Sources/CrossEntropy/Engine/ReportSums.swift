// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The sums from which a report is computed, over all tiles of one or more batches.
struct ReportSums {
    private(set) var sums = BatchSums()
    private(set) var extra = ReportExtra()

    mutating func add(_ slice: (sums: SliceSums, moments: Moments), elements: Int) {
        sums.add(slice.sums)
        extra.add(slice.moments, elements: elements)
    }

    func report(_ reduction: BinaryCrossEntropy.Reduction) -> LossReport {
        extra.report(sums.rounded, count: Int(sums.count), reduction)
    }
}

extension ReportSums: MergeableSums {
    mutating func add(_ other: ReportSums) {
        sums.add(other.sums)
        extra.add(other.extra)
    }
}

extension Evaluation {
    func reportSums() throws(CrossEntropyError) -> ReportSums {
        var total = ReportSums()
        schedule.accumulate(into: &total, threads: threads, empty: { ReportSums() }) { range, sums in
            forEachSlice(range) { slice in
                sums.add(slice.moments(formula, level), elements: slice.count)
            }
        }
        try refuse(if: total.sums.isOutside)
        return total
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels
import Synchronization

/// The sums from which a report is computed, over all tiles of a batch.
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

extension Evaluation {
    func reportSums() throws(CrossEntropyError) -> ReportSums {
        // The sums are exact, so the order in which threads add to them does not matter.
        let total = Mutex(ReportSums())
        schedule.run(threads: threads) { index in
            forEachSlice(schedule.range(index)) { slice in
                let moments = slice.moments(formula, level)
                total.withLock { $0.add(moments, elements: slice.count) }
            }
        }
        let sums = total.withLock { $0 }
        try refuse(if: sums.sums.isOutside)
        return sums
    }
}

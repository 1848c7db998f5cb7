// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The sums from which a report is computed, over all tiles of a batch.
struct ReportSums {
    private(set) var sums = BatchSums()
    private(set) var extra = ReportExtra()

    mutating func add(_ slice: (sums: SliceSums, moments: Moments), elements: Int) {
        sums.add(slice.sums)
        extra.add(slice.moments, elements: elements)
    }

    func report(_ reduction: BinaryCrossEntropy.Reduction) -> LossReport {
        extra.report(sums.rounded, reduction)
    }
}

extension Evaluation {
    func report() throws(CrossEntropyError) -> LossReport {
        // The exact sums of a single slice are its sums, and take longer than a thousand losses.
        guard schedule.tiles == 1, !batch.hasGaps else { return try reportSums().report(reduction) }
        let slice = slice(schedule.range(0))
        let (sums, moments) = unsafe slice.moments(formula, level)
        try refuse(if: sums.mayBeOutside)
        return LossReport(
            sums, LossSpread(sums, moments), elements: slice.count, clipped: Int(moments.clipped),
            saturated: Int(moments.saturated), reduction)
    }

    /// The sums are exact, so the order in which threads add to them does not matter.
    func reportSums() throws(CrossEntropyError) -> ReportSums {
        var total = ReportSums()
        if threads == 1 {
            // This path needs no lock, and so it does not allocate one.
            for index in 0..<schedule.tiles {
                forEachSliceReport(ofTile: index) { total.add($0, elements: $1) }
            }
        } else {
            let shared = Locked(total)
            schedule.run(threads: threads) { index in
                forEachSliceReport(ofTile: index) { report, elements in
                    shared.withLock { $0.add(report, elements: elements) }
                }
            }
            total = shared.withLock { $0 }
        }
        try refuse(if: total.sums.mayBeOutside)
        return total
    }

    private func forEachSliceReport(
        ofTile index: Int, _ body: ((sums: SliceSums, moments: Moments), _ elements: Int) -> Void
    ) {
        forEachSlice(schedule.range(index)) { unsafe body($0.moments(formula, level), $0.count) }
    }
}

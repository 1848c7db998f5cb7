internal import KernelLevels

extension Evaluation {
    /// The reduced loss of each row.
    func writeRowLosses<R: LossScalar>(
        into losses: UnsafeMutableBufferPointer<R>
    ) throws(CrossEntropyError) {
        let (rows, columns) = (batch.rows, batch.columns)
        try checkCount(losses.count, "row losses", rows)
        // As many rows as make a tile, so that threads have the same share of work as in other calls.
        let group = max(1, min(plan.tile / max(1, columns), Self.mostRows))
        TilePlan.run(pieces: (rows + group - 1) / group, threads: threads) { index in
            let group = index * group..<min(rows, (index + 1) * group)
            if unsafe !writeShortRows(group, into: losses) {
                for row in group { unsafe losses[row] = R(rowLoss(row)) }
            }
        }
    }

    /// Rows in a group, at most: three numbers a row lie in the first cache.
    private static var mostRows: Int { 512 }

    /// Sums many short rows in one call of a kernel; false where that is not possible.
    private func writeShortRows<R: LossScalar>(
        _ group: Range<Int>, into losses: UnsafeMutableBufferPointer<R>
    ) -> Bool {
        let elements = group.lowerBound * batch.columns..<group.upperBound * batch.columns
        guard !batch.isBroadcast, !hasBits, unlessOnes(batch.weights, elements) == nil,
            unlessOnes(batch.mask, elements) == nil
        else { return false }
        var row = LossTile(
            predictions: batch.predictions(from: elements.lowerBound),
            targets: batch.targets(from: elements.lowerBound), count: batch.columns)
        guard row.canSumRows(formula) else { return false }
        let divisor = reduction == .sum ? 1 : Double(batch.columns)
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * group.count) { room in
            let sums = room.baseAddress!
            unsafe row.sumRows(
                group.count, predictionStride: batch.predictionStride,
                targetStride: batch.targetStride, into: sums, formula, level)
            for (index, row) in group.enumerated() {
                let sum = unsafe sums[index]
                unsafe losses[row] = R(sum.isNaN ? rowLoss(row) : sum / divisor)
            }
        }
        return true
    }

    private func rowLoss(_ index: Int) -> Double {
        let row = index * batch.columns..<(index + 1) * batch.columns
        var sum = ExactSum()
        var counted = 0.0
        var weight = 0.0
        var start = row.lowerBound
        while start < row.upperBound {
            let range = start..<min(row.upperBound, start + plan.tile)
            sum.add(
                forEachTile(range) { tile in
                    if needsTotals {
                        let totals = tile.kernels.totals(formula, level)
                        counted += totals.counted
                        weight += totals.weight
                    }
                    return tile.kernels.sum(formula, level)
                })
            start = range.upperBound
        }
        return switch reduction {
        case .sum: sum.value
        case .mean: sum.value / (needsTotals ? counted : Double(row.count))
        case .weightedMean: sum.value / (needsTotals ? weight : Double(row.count))
        }
    }

    private var needsTotals: Bool {
        reduction == .mean && !countsAll || reduction == .weightedMean && !weighsOne
    }
}

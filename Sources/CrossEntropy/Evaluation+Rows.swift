internal import KernelLevels

extension Evaluation {
    /// The reduced loss of each row.
    func writeRowLosses<R: LossScalar>(
        into losses: UnsafeMutableBufferPointer<R>
    ) throws(CrossEntropyError) {
        let (rows, columns) = (batch.rows, batch.columns)
        try checkCount(losses.count, "row losses", rows)
        // As many rows as make a tile, so that threads have the same share of work as in other calls.
        let group = max(1, plan.tile / max(1, columns))
        TilePlan.run(pieces: (rows + group - 1) / group, threads: threads) { index in
            for row in index * group..<min(rows, (index + 1) * group) {
                unsafe losses[row] = R(rowLoss(row * columns..<(row + 1) * columns))
            }
        }
    }

    private func rowLoss(_ row: Range<Int>) -> Double {
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

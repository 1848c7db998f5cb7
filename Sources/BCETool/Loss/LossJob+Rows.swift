// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Synchronization

extension LossJob {
    /// The loss of each row.
    func rowLosses() throws -> [Double] {
        let plan = input.rowPlan
        let losses = try Buffer<Double>(count: plan.rows, for: input.predictions.path)
        let begun = Mutex([Int: RowTotal]())
        try loop.forEach("adding losses by row", plan) { window in
            guard plan.cutsRows else {
                return try losses.withMutableSpan(window.piece.rows) { (losses: consuming MutableSpan) in
                    try window.withBatch { try options.writeRowLosses($0, into: &losses) }
                }
            }
            let part = try sum(window)
            let row = window.piece.rows.lowerBound
            let whole = try begun.withLock { try $0.finish(row, adding: part, of: plan.piecesOfRow) }
            if let whole { losses[row] = options.reduction.loss(whole) }
        }
        try Memory.check(bytes: plan.rows * MemoryLayout<Double>.stride, for: "the losses of rows")
        return (0..<plan.rows).map { losses[$0] }
    }

    /// The loss of each column. Its sums depend on the order of addition, which is determined by the shape alone. Each
    /// part of the rows has its own sums; there are at least four parts, for two threads, and their sums take at most
    /// 13 MB. If rows are cut, each column belongs to one part.
    func columnLosses() throws -> [Double] {
        let plan = input.rowPlan
        let parts = Pieces(tiles: plan.count, most: max(4, min(16, PiecePlan.largest / plan.columns)))
        let count = plan.cutsRows ? plan.piecesOfRow : parts.count
        let sums = Mutex([ColumnSums?](repeating: nil, count: count))
        try loop.forEach(
            "adding losses by column", parts: count,
            { part in
                plan.cutsRows
                    ? (0..<plan.rows).map { plan.piece(row: $0, part: part) }
                    : parts.tiles(of: part).map { plan[$0] }
            }
        ) { part, window in
            var sum = sums.withLock { $0[part].take() } ?? ColumnSums(columns: window.piece.columns.count)
            try window.withBatch { try options.add($0, to: &sum) }
            sums.withLock { $0[part] = sum }
        }
        let partial = sums.withLock { $0.compactMap { $0 } }
        if plan.cutsRows { return partial.flatMap { $0.losses(options.reduction) } }
        var total = partial[0]
        for part in partial.dropFirst() { total.merge(part) }
        return total.losses(options.reduction)
    }
}

/// The sums of a row to which some pieces have been added.
private struct RowTotal {
    var sums = LossAccumulator()
    var pieces = 0
}

extension [Int: RowTotal] {
    /// Adds a piece to `row`, and returns the sums of the row if that was its last piece.
    fileprivate mutating func finish(
        _ row: Int, adding part: LossAccumulator, of pieces: Int
    ) throws -> LossAccumulator? {
        var total = removeValue(forKey: row) ?? RowTotal()
        try total.sums.merge(part)
        total.pieces += 1
        if total.pieces == pieces { return total.sums }
        self[row] = total
        return nil
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// One matrix of pairwise losses, computed in blocks of prediction rows, columns and target rows. A side that needs no
/// copy has all its rows in one block.
@unsafe
struct PairwiseJob<S: BLASNumber> {
    private let product: PairwiseProduct
    private let predictions: Matrix
    private let targets: Matrix
    private let losses: UnsafeMutablePointer<S>
    private let rowStride: Int

    private let takesTargets: Bool
    private let columnsInBlock, rowsInLeft, rowsInRight: Int
    /// For each row of predictions, the sum of l(0) + l(1).
    private let totals: UnsafeMutablePointer<Double>
    private let left, right: UnsafeMutablePointer<S>
    private let rowLosses: RowLosses<S>

    /// The size in bytes of a block on either side: half of the L2 and L3 caches of current CPUs. It holds several
    /// hundred rows.
    private static var blockBytes: Int { 2 << 20 }

    init(
        _ product: PairwiseProduct, _ predictions: Matrix, _ targets: Matrix,
        _ losses: UnsafeMutablePointer<S>, _ rowStride: Int, _ workspace: BLASWorkspace
    ) {
        unsafe self.product = product
        unsafe self.predictions = predictions
        unsafe self.targets = targets
        unsafe self.losses = losses
        unsafe self.rowStride = rowStride
        let takesTargets = unsafe targets.dtype == S.targetStorage.dtype
        unsafe self.takesTargets = takesTargets
        let inBlock = unsafe Self.blockBytes / MemoryLayout<S>.stride
        let isOneBlock = product.takesPredictions && takesTargets
        let columns = isOneBlock ? product.columns : min(product.columns, 2048)
        let rows = max(1, inBlock / max(1, columns))
        unsafe columnsInBlock = columns
        unsafe rowsInLeft = product.takesPredictions ? predictions.rows : min(predictions.rows, rows)
        unsafe rowsInRight = takesTargets ? targets.rows : min(targets.rows, rows)

        var layout = WorkspaceLayout()
        let places = unsafe (
            totals: layout.place(predictions.rows, Double.self),
            left: layout.place(product.takesPredictions ? 0 : rowsInLeft * columns, S.self),
            right: layout.place(takesTargets ? 0 : rowsInRight * columns, S.self),
            rows: RowLosses<S>.place(in: &layout)
        )
        let room = unsafe workspace.room(layout)
        unsafe totals = room.numbers(places.totals, Double.self)
        unsafe left = room.numbers(places.left, S.self)
        unsafe right = room.numbers(places.right, S.self)
        unsafe rowLosses = RowLosses(product, room + places.rows)
    }

    /// Returns the rows that must be computed pair by pair.
    func run() -> [Int] {
        let (m, n) = unsafe (predictions.rows, targets.rows)
        for row in 0..<m { unsafe totals[row] = 0 }
        // Without columns there is one empty block.
        for columns in unsafe blocks(product.columns, unsafe columnsInBlock) {
            for rows in unsafe blocks(m, unsafe rowsInLeft) {
                let a = unsafe startLosses(rows, columns)
                guard !columns.isEmpty else { continue }
                for others in unsafe blocks(n, unsafe rowsInRight) {
                    let b = unsafe targetBlock(others, columns)
                    unsafe S.gemm(
                        a, transposed: false, b, transposed: true,
                        alpha: S(product.takesPredictions ? -product.factor : product.factor), beta: 1,
                        into: losses + rows.lowerBound * rowStride + others.lowerBound, stride: rowStride,
                        rows: rows.count, columns: others.count, inner: columns.count)
                }
            }
        }
        // Rows in which l(0) or l(1) is not finite, or a sum of products might overflow.
        return (0..<m).filter { unsafe !(totals[$0] < Double(S.greatestFiniteMagnitude) / 4) }
    }

    private func blocks(_ count: Int, _ size: Int) -> [Range<Int>] {
        guard count > 0 else { return [0..<0] }
        return stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
    }

    /// Stores the sum of l(0) over `columns` in the losses of each row, or adds it to them; returns the left factor of
    /// the product.
    private func startLosses(_ rows: Range<Int>, _ columns: Range<Int>) -> Block<S> {
        let isFirst = columns.lowerBound == 0
        let threads = unsafe product.threads.threads(count: rows.count * columns.count)
        let groups = unsafe Pieces(tiles: rows.count, most: RowLosses<S>.groups)
        Schedule.run(pieces: groups.count, threads: threads) { group in
            for row in groups.tiles(of: group) {
                let first = unsafe predictions.row(rows.lowerBound + row, from: columns.lowerBound)
                let sums =
                    unsafe product.takesPredictions
                    ? unsafe rowLosses.sums(first, columns.count)
                    : unsafe rowLosses.writeDifferences(
                        first, columns.count, into: left + row * columns.count, group: group)
                unsafe totals[rows.lowerBound + row] += sums.zero + sums.one
                unsafe start(rows.lowerBound + row, S(sums.zero * product.factor), isFirst)
            }
        }
        guard unsafe product.takesPredictions else { return unsafe Block(left, stride: columns.count) }
        let base = unsafe predictions.row(rows.lowerBound, from: columns.lowerBound).base
        return unsafe Block(base.assumingMemoryBound(to: S.self), stride: predictions.rowStride)
    }

    private func start(_ row: Int, _ sum: S, _ isFirst: Bool) {
        let losses = unsafe self.losses + row * rowStride
        for column in unsafe 0..<targets.rows {
            unsafe losses[column] = isFirst ? sum : losses[column] + sum
        }
    }

    private func targetBlock(_ rows: Range<Int>, _ columns: Range<Int>) -> Block<S> {
        if unsafe takesTargets {
            let base = unsafe targets.row(rows.lowerBound, from: columns.lowerBound).base
            return unsafe Block(base.assumingMemoryBound(to: S.self), stride: targets.rowStride)
        }
        for (index, row) in rows.enumerated() {
            let elements = unsafe targets.row(row, from: columns.lowerBound)
            let place = unsafe right + index * columns.count
            for column in 0..<columns.count { unsafe place[column] = S(elements.number(column)) }
        }
        return unsafe Block(right, stride: columns.count)
    }
}

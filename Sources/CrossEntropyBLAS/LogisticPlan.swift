// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// The division of rows into tiles and of tiles into pieces, which depends only on their number, and the layout of the
/// workspace. Each piece has its own sums, which are added in order, so results are bitwise identical for any number of
/// threads.
struct LogisticPlan {
    let rows: Int
    let rowsInTile: Int
    let pieces: Pieces
    let threads: Int

    private(set) var layout = WorkspaceLayout()
    /// Offsets of the coefficients and of a direction, in the type of the features: one padded row per label.
    let coefficients, direction: Int
    /// The sums of the pieces: the parameters, then the loss.
    let sums: Int
    let sumsOfPiece: Int
    /// The scratch memory of the pieces.
    let scratch: Int
    let scratchOfPiece: Int
    let place: ScratchPlaces

    /// The size of a tile of features in bytes. For kernels, it leaves a third of a 48 KiB L1 cache free: a pass took
    /// 0.92 of the time of `cblas_sgemv` with 64 rows of 128 Floats, 0.98 with 32 rows, and 1.2 with 16. For BLAS, it
    /// is a quarter of a 1 MiB L2 cache.
    private static func tileBytes(_ takesBLAS: Bool) -> Int { takesBLAS ? 256 << 10 : 32 << 10 }

    init<S: BLASNumber>(_ problem: LogisticProblem, _: S.Type) {
        rows = unsafe problem.features.rows
        let (columns, labels) = (problem.columns, problem.labels)
        let rowBytes = max(1, columns * MemoryLayout<S>.stride)
        // Rows are added eight at a time. A tile has at most as many rows as there are: with a million labels, 512 rows
        // would take 12 GB.
        let most = min(512, max(1, rows))
        rowsInTile = min(most, max(8, Self.tileBytes(problem.takesBLAS) / rowBytes / 8 * 8))
        let tiles = (rows + rowsInTile - 1) / rowsInTile
        // The threads of BLAS work together on one tile.
        pieces = Pieces(tiles: tiles, most: problem.takesBLAS ? 1 : 64)
        // An element of the features takes a quarter of the time of an element in the fastest kernel.
        threads = problem.takesBLAS ? 1 : problem.loss.threads.threads(count: rows * columns / 4)
        sumsOfPiece = labels * (columns + 1) + 1

        var one = WorkspaceLayout()
        place = ScratchPlaces(problem, rows: rowsInTile, S.self, in: &one)
        scratchOfPiece = one.byteCount

        var layout = WorkspaceLayout()
        coefficients = layout.place(labels * problem.padded, S.self)
        direction = layout.place(labels * problem.padded, S.self)
        sums = layout.place(pieces.count * sumsOfPiece, Double.self)
        scratch = layout.place(pieces.count * scratchOfPiece, UInt8.self)
        self.layout = layout
    }

    func rows(ofPiece piece: Int) -> Range<Int> {
        let tiles = pieces.tiles(of: piece)
        return tiles.lowerBound * rowsInTile..<min(rows, tiles.upperBound * rowsInTile)
    }
}

/// The scratch layout of a piece: sums of a tile in the type of the features, and numbers for each row and label.
struct ScratchPlaces {
    let partial, logits, residuals, curvatures, image, targets: Int

    init<S: BLASNumber>(
        _ problem: LogisticProblem, rows: Int, _: S.Type, in layout: inout WorkspaceLayout
    ) {
        let count = rows * problem.labels
        partial = layout.place(problem.labels * problem.padded, S.self)
        logits = layout.place(count, S.self)
        residuals = layout.place(count, S.self)
        curvatures = layout.place(count, S.self)
        image = layout.place(count, S.self)
        targets = layout.place(count, Double.self)
    }
}

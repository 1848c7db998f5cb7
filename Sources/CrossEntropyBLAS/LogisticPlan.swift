// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// How rows are cut into tiles and tiles into pieces, by their number alone; and where everything lies in the workspace.
/// A piece has sums of its own, which are added in order: the same bits for any number of threads.
struct LogisticPlan {
    let rows: Int
    let rowsInTile: Int
    let pieces: Pieces
    let threads: Int

    private(set) var layout = WorkspaceLayout()
    /// Coefficients, and a direction, in the type of the features: padded rows, one a label.
    let coefficients, direction: Int
    /// Sums of pieces: parameters, then the loss.
    let sums: Int
    let sumsOfPiece: Int
    /// Scratch of pieces.
    let scratch: Int
    let scratchOfPiece: Int
    let place: ScratchPlaces

    /// Bytes of a tile of features. For kernels, what leaves a third of a first cache of 48 KiB free: with 64 rows of 128
    /// Floats a pass was 0.92 of `cblas_sgemv`'s time, with 32 rows 0.98, with 16 1.2. For BLAS, a quarter of a second
    /// cache of 1 MiB.
    private static func tileBytes(_ takesBLAS: Bool) -> Int { takesBLAS ? 256 << 10 : 32 << 10 }

    init<S: BLASNumber>(_ problem: LogisticProblem, _: S.Type) {
        rows = unsafe problem.features.rows
        let (columns, labels) = (problem.columns, problem.labels)
        let rowBytes = max(1, columns * MemoryLayout<S>.stride)
        // Eight rows are added at a time.
        rowsInTile = min(512, max(8, Self.tileBytes(problem.takesBLAS) / rowBytes / 8 * 8))
        let tiles = (rows + rowsInTile - 1) / rowsInTile
        // Threads of BLAS work on one tile together.
        pieces = Pieces(tiles: tiles, most: problem.takesBLAS ? 1 : 64)
        // An element of features costs a quarter of the time that one of the fastest kernel does.
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

/// Where a piece keeps what: sums of a tile in the features' type, and numbers for each row and label.
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

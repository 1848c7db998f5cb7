internal import CrossEntropy
internal import KernelLevels

/// How rows are cut into tiles and tiles into pieces, by their number alone; and where everything lies in the workspace.
/// A piece has sums of its own, which are added in order: the same bits for any number of threads.
struct LogisticPlan {
    let rows: Int
    let rowsInTile: Int
    let tilesInPiece: Int
    let threads: Int

    private(set) var layout = WorkspaceLayout()
    /// Coefficients, and a direction, in the type of the features: padded rows, one a label.
    let coefficients, direction: Int
    let padded: Int
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
        let mostPieces = problem.takesBLAS ? 1 : 64
        tilesInPiece = max(1, (tiles + mostPieces - 1) / mostPieces)
        // An element of features costs a quarter of the time that one of the fastest kernel does.
        threads = problem.takesBLAS ? 1 : problem.loss.threads.threads(count: rows * columns / 4)
        padded = MatrixTile.padded(columns)
        sumsOfPiece = labels * (columns + 1) + 1

        var one = WorkspaceLayout()
        place = ScratchPlaces(
            partial: one.place(labels * padded, S.self), logits: one.place(rowsInTile * labels, S.self),
            residuals: one.place(rowsInTile * labels, S.self),
            curvatures: one.place(rowsInTile * labels, S.self),
            image: one.place(rowsInTile * labels, S.self),
            targets: one.place(rowsInTile * labels, Double.self),
            weights: one.place(rowsInTile * labels, Double.self))
        scratchOfPiece = one.byteCount

        var layout = WorkspaceLayout()
        let pieces = Self.pieces(tiles, tilesInPiece)
        coefficients = layout.place(labels * padded, S.self)
        direction = layout.place(labels * padded, S.self)
        sums = layout.place(pieces * sumsOfPiece, Double.self)
        scratch = layout.place(pieces * scratchOfPiece, UInt8.self)
        self.layout = layout
    }

    var pieces: Int { Self.pieces((rows + rowsInTile - 1) / rowsInTile, tilesInPiece) }

    private static func pieces(_ tiles: Int, _ tilesInPiece: Int) -> Int {
        (tiles + tilesInPiece - 1) / tilesInPiece
    }

    func rows(ofPiece piece: Int) -> Range<Int> {
        let most = tilesInPiece * rowsInTile
        return piece * most..<min(rows, (piece + 1) * most)
    }
}

/// Where a piece keeps what: sums of a tile in the features' type, and numbers for each row and label.
struct ScratchPlaces {
    let partial, logits, residuals, curvatures, image, targets, weights: Int
}

import CrossEntropy

/// Consecutive elements of a file of rows x columns: whole rows, or a part of one row.
struct Piece {
    let rows: Range<Int>
    let columns: Range<Int>
    let elements: Range<Int>

    fileprivate init(rows: Range<Int>, columns: Range<Int>, rowLength: Int) {
        self.rows = rows
        self.columns = columns
        let start = rows.lowerBound * rowLength + columns.lowerBound
        elements = start..<start + rows.count * columns.count
    }
}

/// How a file is cut into pieces: a function of its shape alone, so that neither threads nor a terminal change a bit
/// of the answer.
struct PiecePlan {
    let rows: Int
    let columns: Int

    /// Elements between two steps of the progress bar: a few milliseconds of work that is read from a disk.
    private static let largest = 1 << 22

    /// All of it in one piece.
    var whole: Piece { Piece(rows: 0..<rows, columns: 0..<columns, rowLength: columns) }

    /// Pieces of a multiple of the library's grain, whose losses add up to the bits of one call; of other sizes, and to
    /// within an ulp of it, where the least such multiple of whole rows is too large.
    ///
    /// - Parameter wholeRows: a row of any length lies in one piece.
    func pieces(wholeRows: Bool = false) -> [Piece] {
        guard columns > Self.largest, !wholeRows else {
            return stride(from: 0, to: rows, by: rowsOfPiece).map { row in
                Piece(
                    rows: row..<min(rows, row + rowsOfPiece), columns: 0..<columns, rowLength: columns)
            }
        }
        return (0..<rows).flatMap { row in
            stride(from: 0, to: columns, by: Self.largest).map { column in
                Piece(
                    rows: row..<row + 1, columns: column..<min(columns, column + Self.largest),
                    rowLength: columns)
            }
        }
    }

    /// As many as fit, of those that are whole grains together if any are.
    private var rowsOfPiece: Int {
        let rowsOfGrains = LossAccumulator.grain / (1 << min(columns.trailingZeroBitCount, Self.grainBits))
        let fitting = max(1, Self.largest / columns)
        return fitting < rowsOfGrains ? fitting : fitting / rowsOfGrains * rowsOfGrains
    }

    /// The grain is a power of two, so what it lacks of dividing some rows are factors of two.
    private static let grainBits = LossAccumulator.grain.trailingZeroBitCount
}

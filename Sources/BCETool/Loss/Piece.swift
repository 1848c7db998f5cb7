// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// Consecutive elements of a file of rows x columns: either whole rows or a part of one row.
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

/// How a file is cut into pieces. This is determined by its shape alone, so that neither the number of threads nor the
/// presence of a terminal changes any bit of the result.
///
/// If the size of the pieces is a multiple of the library's grain, their losses add up to exactly the bits of one call.
/// Pieces of other sizes are used if the smallest such multiple of whole rows is too large; their losses add up to
/// within an ulp of it.
struct PiecePlan {
    let rows: Int
    let columns: Int

    /// The maximum number of elements of a piece, which a thread reads, checks and computes while they are in its L2
    /// cache. The time is the same from 2^15 to 2^17; 2^14 Floats with labels take 5% more, because there are more
    /// system calls.
    static let largest = 1 << 16

    /// Whether a row is cut into several pieces.
    var cutsRows: Bool { columns > Self.largest }

    var count: Int { cutsRows ? rows * piecesOfRow : (rows + rowsOfPiece - 1) / rowsOfPiece }

    /// The pieces in the order of their elements.
    subscript(_ index: Int) -> Piece {
        if cutsRows { return piece(row: index / piecesOfRow, part: index % piecesOfRow) }
        let first = index * rowsOfPiece
        return Piece(
            rows: first..<min(rows, first + rowsOfPiece), columns: 0..<columns, rowLength: columns)
    }

    /// The number of pieces per row, if rows are cut.
    var piecesOfRow: Int { (columns + Self.largest - 1) / Self.largest }

    func piece(row: Int, part: Int) -> Piece {
        let first = part * Self.largest
        return Piece(
            rows: row..<row + 1, columns: first..<min(columns, first + Self.largest), rowLength: columns)
    }

    /// As many rows as fit; if possible, a number of rows that together are a multiple of the grain.
    private var rowsOfPiece: Int {
        let rowsOfGrains = LossAccumulator.grain / (1 << min(columns.trailingZeroBitCount, Self.grainBits))
        let fitting = max(1, Self.largest / columns)
        return fitting < rowsOfGrains ? fitting : fitting / rowsOfGrains * rowsOfGrains
    }

    /// The grain is a power of two, so only factors of two count towards a multiple of it.
    private static let grainBits = LossAccumulator.grain.trailingZeroBitCount
}

// SPDX-License-Identifier: Apache-2.0

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
///
/// Pieces of a multiple of the library's grain have losses that add up to the bits of one call; those of other sizes, where
/// the least such multiple of whole rows is too large, to within an ulp of it.
struct PiecePlan {
    let rows: Int
    let columns: Int

    /// The most elements of a piece, which a thread reads, checks and computes while they are in its second cache. From
    /// 2^15 to 2^17 the time is the same; 2^14 Floats with labels take 5% more, as more calls of the system do.
    static let largest = 1 << 16

    /// Whether a row is cut into several pieces.
    var cutsRows: Bool { columns > Self.largest }

    var count: Int { cutsRows ? rows * piecesOfRow : (rows + rowsOfPiece - 1) / rowsOfPiece }

    /// In the order of the elements.
    subscript(_ index: Int) -> Piece {
        if cutsRows { return piece(row: index / piecesOfRow, part: index % piecesOfRow) }
        let first = index * rowsOfPiece
        return Piece(
            rows: first..<min(rows, first + rowsOfPiece), columns: 0..<columns, rowLength: columns)
    }

    /// Of each row, where rows are cut.
    var piecesOfRow: Int { (columns + Self.largest - 1) / Self.largest }

    func piece(row: Int, part: Int) -> Piece {
        let first = part * Self.largest
        return Piece(
            rows: row..<row + 1, columns: first..<min(columns, first + Self.largest), rowLength: columns)
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

// SPDX-License-Identifier: Apache-2.0

/// Weights or a mask, spread over predictions of rows x columns according to the shape of their file.
struct Spread {
    enum Kind { case elements, rows, columns }

    let column: FileColumn
    let kind: Kind
    /// The number of elements in a row of the predictions.
    let rowLength: Int

    /// Weights. If a 1-D file matches both rows and columns, it is by row.
    ///
    /// - Parameter shape: the shape of the predictions.
    init(weights file: FileColumn, over shape: [Int]) throws {
        if file.shape == shape || shape.count == 2 && shape[1] == 1 && file.shape == [shape[0]] {
            kind = .elements
        } else if Self.isByRow(file, shape) {
            kind = .rows
        } else if shape.count == 2, file.shape == [1, shape[1]] {
            kind = .columns
        } else {
            let possible =
                shape.count == 2
                ? "\(shape) (by element), [\(shape[0])] or [\(shape[0]), 1] (by row) or [1, \(shape[1])] (by column)"
                : "that of the predictions: \(shape)"
            throw ToolError("weights (\(file.argument)) has the shape \(file.shape), expected \(possible)")
        }
        (column, rowLength) = (file, shape[shape.count - 1])
    }

    init(mask file: FileColumn, over shape: [Int]) throws {
        guard file.shape == shape || Self.isByRow(file, shape) else {
            let byRow = shape.count == 2 ? ", or by row: [\(shape[0])] or [\(shape[0]), 1]" : ""
            throw ToolError(
                "mask (\(file.argument)) has the shape \(file.shape), "
                    + "expected that of the predictions: \(shape)\(byRow)")
        }
        kind = file.shape == shape ? .elements : .rows
        (column, rowLength) = (file, shape[shape.count - 1])
    }

    /// Weights of the positive part of each loss, by element or by column.
    init(positiveWeights file: FileColumn, over shape: [Int]) throws {
        if file.shape == shape {
            kind = .elements
        } else if shape.count == 2, file.shape == [shape[1]] || file.shape == [1, shape[1]] {
            kind = .columns
        } else {
            let byColumn =
                shape.count == 2
                ? "[\(shape[1])] or [1, \(shape[1])] (by column)" : "one weight per column of 2-D predictions"
            throw ToolError(
                "positive-weight (\(file.argument)) has the shape \(file.shape), expected \(shape) (by element), "
                    + "or \(byColumn)")
        }
        (column, rowLength) = (file, shape[shape.count - 1])
    }

    /// The elements of the file that `piece` needs.
    func range(_ piece: Piece) -> Range<Int> {
        switch kind {
        case .elements: piece.elements
        case .rows:
            piece.elements.lowerBound / rowLength..<(piece.elements.upperBound - 1) / rowLength + 1
        case .columns: piece.columns
        }
    }

    private static func isByRow(_ file: FileColumn, _ shape: [Int]) -> Bool {
        shape.count == 2 && (file.shape == [shape[0]] || file.shape == [shape[0], 1])
    }
}

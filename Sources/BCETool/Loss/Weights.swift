/// Weights as the shape of their file spreads them over the predictions.
enum Weights {
    case elements(AnyWeights)
    case rows([Double])
    case columns([Double])

    /// - Parameter shape: of the predictions. Where a 1-D file fits rows and columns, it is by row.
    init(_ file: FileColumn<AnyWeights>, over shape: [Int]) throws {
        if file.shape == shape || shape.count == 2 && shape[1] == 1 && file.shape == [shape[0]] {
            self = .elements(file.values)
        } else if shape.count == 2, file.shape == [shape[0]] || file.shape == [shape[0], 1] {
            self = .rows(file.values.asDoubles)
        } else if shape.count == 2, file.shape == [1, shape[1]] {
            self = .columns(file.values.asDoubles)
        } else {
            let possible =
                shape.count == 2
                ? "\(shape) (by element), [\(shape[0])] or [\(shape[0]), 1] (by row) or [1, \(shape[1])] (by column)"
                : "that of the predictions: \(shape)"
            throw ToolError("weights (\(file.argument)) has the shape \(file.shape), expected \(possible)")
        }
        if case .columns(let weights) = self { try Domain.weights.check(weights) }
    }
}

/// Weights of the positive part of the loss, one a column.
enum PositiveWeights {
    static func read(_ path: String, over shape: [Int]) throws -> [Double] {
        let file = try FileColumn<AnyWeights>(path)
        guard shape.count == 2 else {
            throw ToolError(
                "positive-weight (\(path)) is a file, one weight a column: predictions must be 2-D, "
                    + "their shape is \(shape)")
        }
        guard file.shape == [shape[1]] || file.shape == [1, shape[1]] else {
            throw ToolError(
                "positive-weight (\(path)) has the shape \(file.shape), expected [\(shape[1])] or "
                    + "[1, \(shape[1])] (by column)")
        }
        let weights = file.values.asDoubles
        try Domain.positiveWeights.check(weights)
        return weights
    }
}

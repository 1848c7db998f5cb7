import ArgumentParser
import CrossEntropy

/// Arguments that name what a loss is computed from.
struct InputOptions: ParsableArguments {
    @Argument(help: "Probabilities, or logits with --logits.")
    var predictions: String

    @Argument(help: "Targets in [0, 1].")
    var targets: String

    @Flag(help: "The predictions are logits.")
    var logits = false

    @Option(
        help: ArgumentHelp(
            "Weights of losses: of elements, rows or columns, as the shape of the file says.",
            discussion: """
                The shape of the predictions: by element; (rows,) or (rows, 1): by row; (1, columns): by column. A \
                file of one dimension is by row where there are as many columns as rows. Finite numbers of at least 0.
                """, valueName: "FILE"))
    var weights: String?

    @Option(
        help: ArgumentHelp(
            "Elements count only where this is not 0, and may be anything elsewhere.",
            discussion: """
                b1, u1, integers or .csv, of the shape of the predictions, or (rows,) or (rows, 1).
                """, valueName: "FILE"))
    var mask: String?

    /// The predictions with all that belongs to them.
    func read<P: FilePrediction>(
        _ values: Values<P>, shape: [Int], formula: FormulaOptions
    ) throws -> LossInput<P> {
        // As pandas writes a NaN.
        let targetFile = try FileColumn<AnyTargets>(
            targets, emptyCell: formula.missing == .nan ? .nan : nil)
        try checkShape(targetFile, shape)
        return LossInput(
            isLogits: logits, predictions: values, shape: shape, targets: targetFile.values,
            missing: targetFile.values.stored(formula.missing),
            weights: try weights.map { try Weights(FileColumn($0), over: shape) },
            positiveWeights: try formula.positiveWeight?.file.map {
                try PositiveWeights.read($0, over: shape)
            },
            mask: try mask.map { try Mask(FileColumn($0), over: shape) })
    }

    private func checkShape(_ file: FileColumn<AnyTargets>, _ shape: [Int]) throws {
        let count = shape.reduce(1, *)
        guard count > 0 else { throw ToolError("\(predictions): the file is empty") }
        guard count == file.count else {
            throw ToolError(
                "targets (\(targets)) has \(file.count) elements, predictions (\(predictions)) has \(count)")
        }
        // A column and a row of the same length would pair other elements than their maker meant.
        guard shape.count != file.shape.count || shape == file.shape else {
            throw ToolError(
                "targets (\(targets)) has the shape \(file.shape), predictions (\(predictions)) has \(shape)")
        }
    }
}

extension AnyTargets {
    /// A missing value as targets of this type have it: -0.1 as a Float is another number than as a Double. One that
    /// would no longer be outside [0, 1] stays what it is, and no target is it.
    func stored(
        _ missing: BinaryCrossEntropy.MissingTargets
    ) -> BinaryCrossEntropy.MissingTargets {
        guard case .float = self, case .value(let value) = missing else { return missing }
        let rounded = Double(Float(value))
        return rounded.isFinite && !(0...1).contains(rounded) ? .value(rounded) : missing
    }
}

extension BinaryCrossEntropy.MissingTargets {
    func contains(_ target: Double) -> Bool {
        switch self {
        case .none: false
        case .nan: target.isNaN
        case .value(let value): target == value
        }
    }
}

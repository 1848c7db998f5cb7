import ArgumentParser
import CrossEntropy

/// `bce pairwise`: the loss of every row of one file against every row of another.
struct PairwiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairwise",
        abstract: "The loss of every row of predictions against every row of targets, as a matrix.",
        discussion: """
            Predictions of m x k and targets of n x k (2-D .npy files) give m x n losses, each the mean (or sum) over \
            k: the cost matrix of a matching. In the predictions' type, f4 for f2; the errors of f4 are about 1e-7 of \
            the losses of the row, of f8 1e-16. The file is written when all is computed, or not at all.
            """)

    @Argument(help: "Probabilities, or logits with --logits: m x k.")
    var predictions: String

    @Argument(help: "Targets in [0, 1]: n x k.")
    var targets: String

    @Flag(help: "The predictions are logits.")
    var logits = false

    @OptionGroup(title: "Formula")
    var formula: FormulaOptions

    @Option(help: ArgumentHelp("Write the matrix of losses to this file.", valueName: "FILE.npy"))
    var out: String

    func validate() throws {
        if formula.positiveWeight?.file != nil {
            throw ValidationError("--positive-weight must be a number here, not a file")
        }
    }

    func run() throws {
        let file = try FileColumn<AnyPredictions>(predictions)
        let shape = try matrix(file.shape, "predictions", predictions)
        switch file.values {
        case .half(let values): try run(Values(values.map(Float.init)), shape)
        case .float(let values): try run(values, shape)
        case .double(let values): try run(values, shape)
        }
    }

    private func run<P: FilePrediction & LossScalar & NPYElement>(
        _ values: Values<P>, _ shape: (rows: Int, columns: Int)
    ) throws {
        let file = try FileColumn<AnyTargets>(targets)
        let targetShape = try matrix(file.shape, "targets", targets)
        guard targetShape.columns == shape.columns else {
            throw ToolError(
                "targets (\(targets)) has \(targetShape.columns) columns, predictions (\(predictions)) has "
                    + "\(shape.columns)")
        }
        let input = PairwiseInput(
            isLogits: logits, predictions: values, rows: shape.rows, targets: file.values,
            targetRows: targetShape.rows, columns: shape.columns,
            options: try formula.options.with(missingTargets: file.values.stored(formula.missing)))
        try input.check()
        let writer = try NPYWriter(out, of: P.self, shape: [shape.rows, targetShape.rows])
        try input.writeLosses(to: writer)
        try NPYWriter.finish([writer])
        print("\(shape.rows) x \(targetShape.rows) losses over \(shape.columns) columns in \(out)")
    }

    private func matrix(
        _ shape: [Int], _ argument: String, _ path: String
    ) throws -> (rows: Int, columns: Int) {
        guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
            throw ToolError("\(argument) (\(path)) must be 2-D and not empty, its shape is \(shape)")
        }
        return (shape[0], shape[1])
    }
}

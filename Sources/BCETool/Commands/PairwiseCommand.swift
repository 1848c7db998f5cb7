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
        let csv = CSVOptions(hasHeader: true)
        let predictions = try FileColumn(predictions, .predictions, csv)
        let targets = try FileColumn(targets, .targets, csv)
        if predictions.type == .f8 {
            try run(predictions, targets, as: Double.self)
        } else {
            try run(predictions, targets, as: Float.self)
        }
    }

    private func run<P: FilePrediction & LossScalar & NPYElement>(
        _ predictions: FileColumn, _ targets: FileColumn, as _: P.Type
    ) throws {
        let shape = try matrix(predictions)
        let targetShape = try matrix(targets)
        guard targetShape.columns == shape.columns else {
            throw ToolError(
                "targets (\(targets.argument)) has \(targetShape.columns) columns, predictions "
                    + "(\(predictions.argument)) has \(shape.columns)")
        }
        let input = try PairwiseInput<P>(
            isLogits: logits, predictions: predictions, targets: targets,
            options: formula.options.with(missingTargets: targets.stored(formula.missing)))
        try input.check()
        let writer = try NPYWriter(out, of: P.self, shape: [shape.rows, targetShape.rows])
        try input.writeLosses(to: writer)
        try NPYWriter.finish([writer])
        print("\(shape.rows) x \(targetShape.rows) losses over \(shape.columns) columns in \(out)")
    }

    private func matrix(_ file: FileColumn) throws -> (rows: Int, columns: Int) {
        let shape = file.shape
        guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
            throw ToolError("\(file.role.name) (\(file.argument)) must be 2-D and not empty, its shape is \(shape)")
        }
        return (shape[0], shape[1])
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropy

/// `bce evaluate`: the loss, calibration and discrimination of predictions, in one pass.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Loss, calibration and discrimination of predictions, in one pass.",
        discussion: """
            bce evaluate predictions.npy targets.npy
            bce evaluate log.csv --prediction p --target clicked --plot evaluation.svg

            Prints the log loss with its 95% interval; the normalized entropy, which is the log loss divided by that \
            of always predicting the mean target; the Brier score; the mean target, the mean prediction and their \
            ratio; the expected calibration error; the area under the ROC curve, which is computed from a histogram, \
            with a bound of its error; and a table of predicted and observed rates. Files and columns are given as \
            for bce loss (see bce help loss).
            """)

    @OptionGroup(title: "Input")
    var input: InputOptions

    @OptionGroup(title: "Formula")
    var formula: FormulaOptions

    @Option(
        help: ArgumentHelp(
            "The number of bins of equal width for the reliability table and the calibration error.",
            valueName: "N"))
    var bins = 10

    @Option(
        help: ArgumentHelp(
            "Draw reliability diagrams and, with --by, the losses of the first 20 groups.",
            valueName: "FILE.svg"))
    var plot: String?

    @Flag(help: "Print the results as one JSON object.")
    var json = false

    func run() throws {
        let outputs = OutputFiles(inputs: input.inputs(formula))
        let picture = try plot.map { try outputs.add("--plot", $0) }
        let empty: BinaryEvaluation
        do throws(CrossEntropyError) { empty = try BinaryEvaluation(binCount: bins) } catch {
            throw ToolError("--bins is \(bins), expected 1 to 1000")
        }
        let (evaluation, groups) =
            if let table = try input.tableInput(formula) {
                try evaluate(table, empty)
            } else {
                try (evaluateFiles(empty), GroupLossTable?.none)
            }
        let result = EvaluationResult(evaluation, groups)
        if let picture { try draw(evaluation, result, groups, to: picture) }
        try outputs.finish(printing: json ? JSON.text(result) : result.text)
    }

    private func evaluate(
        _ table: TableInput, _ empty: BinaryEvaluation
    ) throws -> (BinaryEvaluation, GroupLossTable?) {
        let totals = try table.totals(formula.options, stage: "evaluating", evaluation: empty)
        return (totals.evaluation!, totals.groupTable(.weightedMean, top: input.table.top))
    }

    private func evaluateFiles(_ empty: BinaryEvaluation) throws -> BinaryEvaluation {
        let predictions = try input.readPredictions(formula)
        return try evaluate(predictions, as: predictions.scalar, empty)
    }

    private func evaluate<P: FilePrediction>(
        _ predictions: FileColumn, as _: P.Type, _ empty: BinaryEvaluation
    ) throws -> BinaryEvaluation {
        let input: LossInput<P> = try input.read(predictions, as: P.self, formula: formula)
        return try LossJob(options: formula.options, input: input).evaluation(empty)
    }

    private func draw(
        _ evaluation: BinaryEvaluation, _ result: EvaluationResult, _ groups: GroupLossTable?,
        to file: OutputFile
    ) throws {
        let figure = EvaluationFigure(title: input.predictions, measures: result.measures, evaluation, groups)
        try unsafe Array(figure.svg.utf8).withUnsafeBytes { try unsafe file.write($0, at: 0) }
    }
}

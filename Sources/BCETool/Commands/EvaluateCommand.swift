// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropy

/// `bce evaluate`: how good predictions are, in one pass: their loss, calibration and discrimination.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Loss, calibration and discrimination of predictions, in one pass.",
        discussion: """
            Prints the log loss with its 95 % interval; the normalized entropy (the log loss divided by that of always \
            predicting the mean target); the Brier score; the mean prediction over the mean target; the expected \
            calibration error; the area under the ROC curve, from a histogram of logits, with the most that it can be \
            wrong by; and a reliability table. Files and columns are named as for bce loss.
            """)

    @OptionGroup(title: "Input")
    var input: InputOptions

    @OptionGroup(title: "Formula")
    var formula: FormulaOptions

    @Option(
        help: ArgumentHelp("Use this many bins of equal width for the reliability table.", valueName: "N"))
    var bins = 10

    @Option(
        help: ArgumentHelp(
            "Draw the reliability diagrams and, with --by, the loss of each group.", valueName: "FILE.svg"))
    var plot: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let outputs = OutputFiles(inputs: input.files(formula))
        let picture = try plot.map { try outputs.add("--plot", $0) }
        let empty: BinaryEvaluation
        do throws(CrossEntropyError) { empty = try BinaryEvaluation(binCount: bins) } catch {
            throw ToolError("--bins is \(bins), expected 1 to 1000")
        }
        let (evaluation, groups) =
            if let table = try input.tableInput(formula) {
                try evaluate(table, empty)
            } else {
                try (evaluateFiles(empty), GroupTable?.none)
            }
        let result = EvaluationResult(evaluation, groups)
        if let picture { try draw(evaluation, result, groups, to: picture) }
        try outputs.finish(printing: json ? JSON.text(result) : result.text)
    }

    private func evaluate(
        _ table: TableInput, _ empty: BinaryEvaluation
    ) throws -> (BinaryEvaluation, GroupTable?) {
        let totals = try table.totals(formula.options, stage: "evaluating", evaluation: empty)
        return (totals.evaluation!, totals.groupTable(.weightedMean, top: input.table.top))
    }

    private func evaluateFiles(_ empty: BinaryEvaluation) throws -> BinaryEvaluation {
        let predictions = try input.readPredictions(formula)
        return switch predictions.type {
        case .f2: try evaluate(predictions, as: Float16.self, empty)
        case .f4: try evaluate(predictions, as: Float.self, empty)
        default: try evaluate(predictions, as: Double.self, empty)
        }
    }

    private func evaluate<P: FilePrediction>(
        _ predictions: FileColumn, as _: P.Type, _ empty: BinaryEvaluation
    ) throws -> BinaryEvaluation {
        let input: LossInput<P> = try input.read(predictions, as: P.self, formula: formula)
        return try LossJob(options: formula.options, input: input).evaluation(empty)
    }

    private func draw(
        _ evaluation: BinaryEvaluation, _ result: EvaluationResult, _ groups: GroupTable?, to file: OutputFile
    ) throws {
        let figure = EvaluationFigure(
            title: input.predictions, measures: result.measures, reliability: evaluation.reliability,
            logOddsReliability: evaluation.logOddsReliability,
            groups: (groups?.rows ?? []).map {
                FigureGroup(
                    name: $0.group, rows: $0.count, loss: $0.loss, standardError: $0.standardError,
                    share: $0.share)
            }, loss: evaluation.logLoss)
        try unsafe Array(figure.svg.utf8).withUnsafeBytes { try unsafe file.write($0, at: 0) }
    }
}

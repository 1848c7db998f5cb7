// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropy

/// Arguments that name the inputs of a loss.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Probabilities, or logits with --logits.",
            discussion: "With --prediction: the file that holds all columns, or - for standard input."))
    var predictions: String

    @Argument(help: "Targets in [0, 1]. Omitted with --prediction.")
    var targets: String?

    @OptionGroup
    var table: TableOptions

    @Flag(help: "The predictions are logits.")
    var logits = false

    @Option(
        help: ArgumentHelp(
            "Weights, by element, row or column, depending on the shape of the file.",
            discussion: """
                The shape of the predictions: by element; (rows,) or (rows, 1): by row; (1, columns): by column. \
                Weights are finite numbers of at least 0.
                """, valueName: "FILE"))
    var weights: String?

    @Option(
        help: ArgumentHelp(
            "Elements for which this file contains 0 do not count, and may have any value.",
            discussion: """
                b1, integers or .csv; it has the shape of the predictions, or (rows,) or (rows, 1).
                """, valueName: "FILE"))
    var mask: String?

    func validate() throws {
        guard table.prediction != nil else {
            if targets == nil {
                throw ValidationError(
                    "targets are missing: give a second file, or name columns of the first one with --prediction "
                        + "and --target")
            }
            return
        }
        let others = [("the file \(targets ?? "")", targets), ("--weights", weights), ("--mask", mask)]
        if let (name, _) = others.first(where: { $0.1 != nil }) {
            throw ValidationError(
                "\(name) cannot be combined with --prediction, which names a column of the only file")
        }
    }

    private var readsStandardInput: Bool { table.prediction != nil && predictions == "-" }

    /// What is read, with the argument that names each input.
    func inputs(_ formula: FormulaOptions) -> [(argument: String, file: FileIdentity?)] {
        if table.prediction != nil {
            return readsStandardInput
                ? [("standard input", FileIdentity(of: 0))]
                : [
                    (
                        "predictions (\(FilePath(argument: predictions)))",
                        FileIdentity(of: FilePath(argument: predictions))
                    )
                ]
        }
        let arguments = [
            ("predictions", predictions), ("targets", targets), ("--weights", weights), ("--mask", mask),
            ("--positive-weight", formula.positiveWeight?.file),
        ]
        return arguments.compactMap { name, argument in
            argument.map(FileArgument.init).map { ("\(name) (\($0.path))", FileIdentity(of: $0.path)) }
        }
    }

    /// How .csv files are read.
    func csv(_ formula: FormulaOptions) -> CSVOptions {
        CSVOptions(
            hasHeader: !table.hasNoHeader, delimiter: table.delimiter?.byte,
            emptyTarget: formula.missing == .nan ? .nan : nil, threads: formula.threadPolicy)
    }

    /// The columns of one .csv file, if that is what the arguments name.
    func tableInput(_ formula: FormulaOptions) throws -> TableInput? {
        let csv = csv(formula)
        if let prediction = table.prediction, let target = table.target {
            if let file = formula.positiveWeight?.file {
                throw ValidationError("--positive-weight is \(file), expected a number with --prediction")
            }
            return TableInput(
                path: readsStandardInput ? nil : FilePath(argument: predictions), isLogits: logits,
                prediction: prediction.argumentBytes(),
                target: target.argumentBytes(), weight: table.weight?.argumentBytes(),
                group: table.by?.argumentBytes(), missing: formula.missing, csv: csv)
        }
        let (first, second) = (FileArgument(predictions), targets.map(FileArgument.init))
        guard let prediction = first.column, let target = second?.column, first.path == second?.path,
            weights == nil, mask == nil, formula.positiveWeight?.file == nil
        else { return nil }
        return TableInput(
            path: first.path, isLogits: logits, prediction: prediction, target: target,
            missing: formula.missing, csv: csv)
    }

    func readPredictions(_ formula: FormulaOptions) throws -> FileColumn {
        try FileColumn(predictions, .predictions, csv(formula))
    }

    /// The predictions with everything that belongs to them.
    func read<P: FilePrediction>(
        _ predictions: FileColumn, as _: P.Type, formula: FormulaOptions
    ) throws -> LossInput<P> {
        let shape = predictions.shape
        let csv = csv(formula)
        let targets = try FileColumn(targets!, .targets, csv)
        try targets.checkShape(matches: predictions)
        return LossInput(
            isLogits: logits, predictions: predictions, targets: targets,
            missing: targets.stored(formula.missing),
            weights: try weights.map { try Spread(weights: FileColumn($0, .weights, csv), over: shape) },
            positiveWeights: try formula.positiveWeight?.file.map {
                try Spread(positiveWeights: FileColumn($0, .positiveWeights, csv), over: shape)
            },
            mask: try mask.map { try Spread(mask: FileColumn($0, .mask, csv), over: shape) })
    }
}

extension FileColumn {
    /// Targets must have the shape of their predictions, except that a single column may be 1-D. Other shapes with the
    /// same number of elements would pair elements that were not meant to be paired.
    fileprivate func checkShape(matches predictions: FileColumn) throws {
        guard predictions.count > 0 else { throw ToolError("\(predictions.argument): the file is empty") }
        guard count == predictions.count else {
            throw ToolError(
                "targets (\(argument)) has \(count) elements, predictions (\(predictions.argument)) has "
                    + "\(predictions.count)")
        }
        let shapes = [shape, predictions.shape]
        guard shape == predictions.shape || shapes.allSatisfy({ $0 == [count] || $0 == [count, 1] }) else {
            throw ToolError(
                "targets (\(argument)) has the shape \(shape), predictions (\(predictions.argument)) has "
                    + "\(predictions.shape)")
        }
    }

    /// A missing value as targets of this type store it: -0.1 as a Float is a different number from -0.1 as a Double. A
    /// value that rounding would move into [0, 1] is left as it is, and no target equals it.
    func stored(
        _ missing: BinaryCrossEntropy.MissingTargets
    ) -> BinaryCrossEntropy.MissingTargets {
        guard type == .f2 || type == .f4, case .value(let value) = missing else { return missing }
        let rounded = Double(Float(value))
        return rounded.isFinite && !(0...1).contains(rounded) ? .value(rounded) : missing
    }
}

extension BinaryCrossEntropy.MissingTargets {
    func contains(_ target: Double) -> Bool {
        switch self {
        case .never: false
        case .nan: target.isNaN
        case .value(let value): target == value
        }
    }
}

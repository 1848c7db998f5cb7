// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropy

/// Arguments that name the inputs of a loss.
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

    @Flag(
        name: .customLong("no-header"),
        help: ArgumentHelp(
            "The first row of .csv files is data, not a header; columns have numbers from 1.",
            discussion: """
                Fields are separated by commas, lines end with LF or CR LF, and quotes surround whole fields. Blank \
                lines, rows of another length, and a column asked for by a name that two have are errors. Numbers are \
                as Python's float() takes them (inf and nan too, but no underscores); one beyond the range of f8 is an \
                error. An empty cell is one too, unless it is a target and --missing nan is given.
                """))
    var hasNoHeader = false

    var csv: CSVOptions { CSVOptions(hasHeader: !hasNoHeader) }

    func readPredictions() throws -> FileColumn { try FileColumn(predictions, .predictions, csv) }

    /// The predictions with everything that belongs to them.
    func read<P: FilePrediction>(
        _ predictions: FileColumn, as _: P.Type, formula: FormulaOptions
    ) throws -> LossInput<P> {
        let shape = predictions.shape
        let targets = try FileColumn(targets, .targets, csv.forTargets(missing: formula.missing))
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

extension CSVOptions {
    /// An empty cell is a missing target, because pandas writes NaN that way.
    func forTargets(missing: BinaryCrossEntropy.MissingTargets) -> CSVOptions {
        CSVOptions(hasHeader: hasHeader, emptyCell: missing == .nan ? .nan : nil)
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

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropy

/// `bce loss`: the reduced loss of two files or of columns of one, and on request the losses of groups, rows, columns
/// and elements, derivatives and a report.
struct LossCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loss",
        abstract: "The loss of predictions and targets, in two files or in columns of one.",
        discussion: """
            bce loss predictions.npy targets.npy
            bce loss log.csv --prediction p --target clicked --by country
            zcat log.csv.gz | bce loss - --prediction p --target clicked

            A file is FILE.npy (f2, f4, f8; targets and weights also b1 and integers; 1-D, or 2-D in C order), \
            FILE.csv or FILE.tsv with a single column, or FILE.csv:COLUMN, where COLUMN is a name or a number from 1. \
            Every value that counts is checked: probabilities and targets must be in [0, 1], and logits must not be \
            NaN. Output files are written once everything has been computed: either all of them are replaced, or \
            none. Some can be new and others old only if the machine crashes or the command is killed (SIGKILL) \
            while they are being moved into place.
            """)

    @OptionGroup(title: "Input")
    var input: InputOptions

    @OptionGroup(title: "Formula")
    var formula: FormulaOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func validate() throws {
        if input.table.by != nil,
            output.elementsTo != nil || output.gradientTo != nil || output.hessianTo != nil
        {
            throw ValidationError("--by cannot be combined with --elements-to, --gradient-to or --hessian-to")
        }
        if output.hessianTo != nil, !input.logits {
            throw ValidationError("--hessian-to is only for logits: --logits is missing")
        }
    }

    func run() throws {
        let outputs = OutputFiles(inputs: input.inputs(formula))
        func begin(_ option: String, _ path: String?) throws -> OutputFile? {
            try path.map { try outputs.add(option, $0) }
        }
        let files = DerivedFiles(
            losses: try begin("--elements-to", output.elementsTo),
            gradient: try begin("--gradient-to", output.gradientTo),
            hessian: try begin("--hessian-to", output.hessianTo))
        let result =
            if let table = try input.tableInput(formula) {
                try result(table, files)
            } else {
                try fileResult(input.readPredictions(formula), files)
            }
        try outputs.finish(printing: output.json ? JSON.text(result) : result.text)
    }

    private func fileResult(_ predictions: FileColumn, _ files: DerivedFiles) throws -> LossResult {
        try result(predictions, as: predictions.scalar, files)
    }

    /// The loss of columns of one file. They are read once, and are kept in temporary files only if outputs of elements
    /// are wanted, which need more passes.
    private func result(_ table: TableInput, _ files: DerivedFiles) throws -> LossResult {
        if output.byRow || output.byColumn {
            throw ToolError(
                "\(output.byRow ? "--by-row" : "--by-column") is for 2-D predictions, not for columns of one file"
            )
        }
        let options = try formula.options
        guard files.isEmpty else { return try result(LossJob(options: options, input: table.spool()), files) }
        let totals = try table.totals(
            options, stage: "adding losses", losses: LossAccumulator(keepsReport: output.report))
        return LossResult(
            totals.losses!, options.reduction, input: input, formula: formula, scalar: Double.self,
            rowLosses: nil, columnLosses: nil, report: totals.losses!.report(options.reduction),
            groups: totals.groupTable(options.reduction, top: input.table.top))
    }

    private func result<P: FilePrediction>(
        _ predictions: FileColumn, as _: P.Type, _ files: DerivedFiles
    ) throws -> LossResult {
        let shape = predictions.shape
        if output.byRow || output.byColumn, shape.count != 2 {
            let option = output.byRow ? "--by-row" : "--by-column"
            throw ToolError(
                "\(option): predictions (\(predictions.argument)) must be 2-D, but their shape is \(shape)")
        }
        return try result(
            LossJob(options: formula.options, input: input.read(predictions, as: P.self, formula: formula)),
            files)
    }

    private func result<P: FilePrediction>(_ job: LossJob<P>, _ files: DerivedFiles) throws -> LossResult {
        let total = try job.total()
        let rowLosses = output.byRow ? try job.rowLosses() : nil
        let columnLosses = output.byColumn ? try job.columnLosses() : nil
        let report = output.report ? try job.report() : nil
        try files.write(job, total)
        return LossResult(
            total, job.options.reduction, input: input, formula: formula, scalar: P.self,
            rowLosses: rowLosses, columnLosses: columnLosses, report: report, groups: nil)
    }
}

/// The requested output files that have as many elements as there are predictions.
private struct DerivedFiles {
    let losses: OutputFile?
    let gradient: OutputFile?
    let hessian: OutputFile?

    var isEmpty: Bool { losses == nil && gradient == nil && hessian == nil }

    func write<P: FilePrediction>(_ job: LossJob<P>, _ total: LossAccumulator) throws {
        func writer(_ file: OutputFile?) throws -> NPYWriter? {
            try file.map { try NPYWriter($0, of: P.LossResult.self, shape: job.input.shape) }
        }
        if let losses = try writer(losses) { try job.writeLosses(to: losses) }
        if gradient != nil || hessian != nil {
            try job.writeDerivatives(total, gradient: writer(gradient), hessian: writer(hessian))
        }
    }
}

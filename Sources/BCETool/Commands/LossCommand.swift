import ArgumentParser
import CrossEntropy
import Foundation

/// `bce loss`: the reduced loss of two files, and on request that of rows and elements, derivatives and a report.
struct LossCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loss",
        abstract: "The loss of predictions in one file and targets in another.",
        discussion: """
            A file is FILE.npy (f2, f4, f8; targets and weights also b1, u1 and integers; 1-D, or 2-D in C order), \
            FILE.csv with one column, or FILE.csv:COLUMN by name or number from 1. Every value that counts is \
            checked: probabilities and targets must be in [0, 1], logits must be numbers or infinite. Files are \
            written when all is computed, or not at all.
            """)

    @OptionGroup(title: "Input")
    var input: InputOptions

    @OptionGroup(title: "Formula")
    var formula: FormulaOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func validate() throws {
        if output.hessianTo != nil, !input.logits {
            throw ValidationError("--hessian-to is only for logits: --logits is missing")
        }
    }

    func run() throws {
        let file = try FileColumn<AnyPredictions>(input.predictions)
        switch file.values {
        case .half(let values): try run(values, file.shape)
        case .float(let values): try run(values, file.shape)
        case .double(let values): try run(values, file.shape)
        }
    }

    private func run<P: FilePrediction>(_ predictions: Values<P>, _ shape: [Int]) throws {
        if output.byRow || output.byColumn, shape.count != 2 {
            let option = output.byRow ? "--by-row" : "--by-column"
            throw ToolError(
                "\(option): predictions (\(input.predictions)) must be 2-D, their shape is \(shape)")
        }
        let job = try LossJob(
            options: formula.options, input: input.read(predictions, shape: shape, formula: formula))
        let total = try job.total()
        let rowLosses = output.byRow ? try job.rowLosses() : nil
        let columnLosses = output.byColumn ? try job.columnLosses() : nil
        let report = output.report ? try job.report() : nil
        try write(job, total)
        let result = LossResult(
            total, job.options.reduction, input: input, formula: formula, scalar: P.self,
            rowLosses: rowLosses, columnLosses: columnLosses, report: report)
        print(output.json ? try result.json : result.text)
    }

    private func write<P: FilePrediction>(_ job: LossJob<P>, _ total: LossAccumulator) throws {
        func writer(_ path: String?) throws -> NPYWriter? {
            try path.map { try NPYWriter($0, of: P.LossResult.self, shape: job.input.shape) }
        }
        let losses = try writer(output.elementsTo)
        let (gradient, hessian) = (try writer(output.gradientTo), try writer(output.hessianTo))
        if let losses { try job.writeLosses(to: losses) }
        if gradient != nil || hessian != nil {
            try job.writeDerivatives(total, gradient: gradient, hessian: hessian)
        }
        try NPYWriter.finish([losses, gradient, hessian].compactMap { $0 })
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

extension PairwiseOptions {
    /// Reads the input, computes the losses, writes them and prints a summary.
    package func run(_ losses: some PairwiseLosses) throws {
        let inputs = [
            ("predictions", FileArgument(predictions).path), ("targets", FileArgument(targets).path),
        ]
        let outputs = OutputFiles(inputs: inputs.map { ("\($0) (\($1))", FileIdentity(of: $1)) })
        let output = try outputs.add("--out", out)
        let csv = CSVOptions(hasHeader: true, threads: formula.threadPolicy)
        let predictions = try matrix(predictions, .predictions, csv)
        let targets = try matrix(targets, .targets, csv)
        let columns = predictions.shape[1]
        guard targets.shape[1] == columns else {
            throw ToolError(
                "targets (\(targets.argument)) has \(targets.shape[1]) columns, predictions "
                    + "(\(predictions.argument)) has \(columns)")
        }
        if predictions.type == .f8 {
            try write(predictions, targets, as: Double.self, losses, to: output)
        } else {
            try write(predictions, targets, as: Float.self, losses, to: output)
        }
        try outputs.finish(
            printing: "\(predictions.shape[0]) x \(targets.shape[0]) losses over \(columns) columns in "
                + "\(output.path)")
    }

    private func write<P: FilePrediction & LossScalar & NPYElement>(
        _ predictions: FileColumn, _ targets: FileColumn, as _: P.Type, _ losses: some PairwiseLosses,
        to output: OutputFile
    ) throws {
        let input = try PairwiseInput<P>(
            isLogits: logits, predictions: predictions, targets: targets,
            options: formula.options.with(missingTargets: targets.stored(formula.missing)))
        try input.check()
        let writer = try NPYWriter(output, of: P.self, shape: [predictions.shape[0], targets.shape[0]])
        try input.writeLosses(losses, to: writer)
    }

    private func matrix(_ argument: String, _ role: FileRole, _ csv: CSVOptions) throws -> FileColumn {
        let file = try FileColumn(argument, role, csv)
        let shape = file.shape
        guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
            throw ToolError(
                "\(role.name) (\(file.argument)) must be 2-D and not empty, its shape is \(shape)")
        }
        return file
    }
}

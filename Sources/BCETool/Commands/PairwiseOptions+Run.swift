import CrossEntropy

extension PairwiseOptions {
    /// Reads, computes, writes and prints.
    package func run(_ losses: some PairwiseLosses) throws {
        let outputs = OutputFiles(inputs: [
            ("predictions", FileArgument(predictions).path), ("targets", FileArgument(targets).path),
        ])
        let output = try outputs.add("--out", out)
        let file = try FileColumn<AnyPredictions>(predictions)
        let shape = try matrix(file.shape, "predictions", predictions)
        let columns =
            switch file.values {
            case .half(let values): try write(Values(values.map(Float.init)), shape, losses, to: output)
            case .float(let values): try write(values, shape, losses, to: output)
            case .double(let values): try write(values, shape, losses, to: output)
            }
        try outputs.finish(
            printing: "\(shape.rows) x \(columns) losses over \(shape.columns) columns in \(output.path)")
    }

    /// Returns how many columns the matrix has: rows of targets.
    private func write<P: FilePrediction & LossScalar & NPYElement>(
        _ values: Values<P>, _ shape: (rows: Int, columns: Int), _ losses: some PairwiseLosses,
        to output: OutputFile
    ) throws -> Int {
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
        let writer = try NPYWriter(output, of: P.self, shape: [shape.rows, targetShape.rows])
        try input.writeLosses(losses, to: writer)
        return targetShape.rows
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

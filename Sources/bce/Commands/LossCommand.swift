import ArgumentParser
import CrossEntropy
import Foundation

/// `bce loss`: the reduced loss of two files, and on request the loss of each element.
struct LossCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loss",
        abstract: "The loss of predictions in one file and targets in another.",
        discussion: """
            A file is FILE.npy (f2, f4, f8; targets also b1, u1 and integers; 1-D, or 2-D in C order), FILE.csv with \
            one column, or FILE.csv:COLUMN by name or number from 1. Every value is checked: probabilities and \
            targets must be in [0, 1], logits must be numbers or infinite.
            """)

    @Argument(help: "Probabilities, or logits with --logits.")
    var predictions: String

    @Argument(help: "Targets in [0, 1].")
    var targets: String

    @Flag(help: "The predictions are logits.")
    var logits = false

    @Option(help: "How losses become one number: mean or sum.")
    var reduction: BinaryCrossEntropy.Reduction = .mean

    @Option(
        help:
            "Certain and wrong probabilities: exact (infinity), keras (clipped by 1e-7), pytorch (logs >= -100)."
    )
    var preset: Preset = .exact

    @Option(
        help:
            "Write the loss of each element to this .npy file, in the predictions' type (f4 for f2) and shape."
    )
    var elementsTo: String?

    @Option(help: "Use at most this many threads; as many as help if not given.")
    var threads: Int?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("threads is \(threads), expected 1 or more") }
    }

    func run() throws {
        let predictionColumn = try FileColumn(predictions, role: .predictions)
        let targetColumn = try FileColumn(targets, role: .targets)
        try checkShapes(predictionColumn, targetColumn)
        let options = try preset.options.with(reduction: reduction)
            .with(threads: threads.map { .atMost($0) } ?? .automatic)
        let job = LossJob(
            options: options, logits: logits, shape: predictionColumn.shape,
            elementType: predictionColumn.values.floatingType, elementsTo: elementsTo)
        let loss: Double
        switch (predictionColumn.values, targetColumn.values) {
        case (.float(let p), .float(let t)): loss = try job.run(p, t)
        case (.float(let p), .double(let t)):
            // Kernels round a target to the predictions' type: 0.1 would not be the 0.1 of the file.
            loss = try t.areFloats() ? job.run(p, t) : job.run(p.widened(), t)
        case (.float(let p), .uint8(let t)): loss = try job.run(p, t)
        case (.double(let p), .float(let t)): loss = try job.run(p, t)
        case (.double(let p), .double(let t)): loss = try job.run(p, t)
        case (.double(let p), .uint8(let t)): loss = try job.run(p, t)
        case (.uint8, _):
            throw ToolError("\(predictions): predictions must be floating-point numbers")
        }
        try report(loss, predictionColumn)
    }

    private func checkShapes(_ predictions: FileColumn, _ targets: FileColumn) throws {
        guard predictions.count > 0 else { throw ToolError("\(self.predictions): the file is empty") }
        guard predictions.count == targets.count else {
            throw ToolError(
                "targets (\(self.targets)) has \(targets.count) elements, "
                    + "predictions (\(self.predictions)) has \(predictions.count)")
        }
        // A column and a row of the same length would pair other elements than their maker meant.
        guard predictions.shape.count != targets.shape.count || predictions.shape == targets.shape else {
            throw ToolError(
                "targets (\(self.targets)) has the shape \(targets.shape), "
                    + "predictions (\(self.predictions)) has \(predictions.shape)")
        }
    }

    private func report(_ loss: Double, _ predictions: FileColumn) throws {
        guard json else { return print(loss) }
        let result = LossReport(
            loss: loss, count: predictions.count, reduction: reduction.rawValue,
            input: logits ? "logits" : "probabilities",
            preset: preset.rawValue, scalar: predictions.values.floatingType.rawValue,
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        print(String(decoding: try encoder.encode(result), as: UTF8.self))
    }
}

/// What `--json` prints.
private struct LossReport: Encodable {
    let loss: Double
    let count: Int
    let reduction: String
    let input: String
    let preset: String
    /// The type of the predictions.
    let scalar: String
    /// At most so many: few elements are not worth a second one.
    let threads: Int
}

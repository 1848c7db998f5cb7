// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropy

/// `bce explain`: the loss of a few probabilities, derived step by step.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Derives the loss of a few probabilities step by step.",
        discussion: """
            P and T are files as for `bce loss`, or numbers separated by commas:
            bce explain 0.1,0.95,0.2,0.6 0,1,0,0
            """)

    /// Output for more elements would be too long to read.
    private static let limit = 64

    @Argument(help: "Probabilities.")
    var p: String

    @Argument(help: "Targets in [0, 1].")
    var t: String

    @Flag(
        name: .customLong("no-header"),
        help: "The first row of .csv files is data, not a header; columns have numbers from 1.")
    var hasNoHeader = false

    func run() throws {
        let probabilities = try numbers(p, .predictions)
        let targets = try numbers(t, .targets)
        guard probabilities.count == targets.count else {
            throw ToolError("targets has \(targets.count) elements, predictions has \(probabilities.count)")
        }
        guard (1...Self.limit).contains(probabilities.count) else {
            throw ToolError(
                "explain takes 1 to \(Self.limit) elements, predictions has \(probabilities.count)")
        }
        try BinaryCrossEntropy.check(probabilities: probabilities.span)
        try BinaryCrossEntropy.check(targets: targets.span)
        try derive(probabilities, targets)
    }

    private func derive(_ p: [Double], _ t: [Double]) throws {
        let logP = p.map { log($0) }
        let logQ = p.map { log1p(-$0) }
        let positive = zip(t, logP).map { $0 == 0 ? 0 : $0 * $1 }
        let negative = zip(t, logQ).map { 1 - $0 == 0 ? 0 : (1 - $0) * $1 }
        let (positiveSum, negativeSum) = (positive.reduce(0, +), negative.reduce(0, +))
        let loss = try BinaryCrossEntropy.exact.loss(probabilities: p, targets: t)
        let keras = try BinaryCrossEntropy.keras.loss(
            probabilities: p.map(Float.init), targets: t.map(Float.init))

        try StandardOutput.print(
            "Binary cross-entropy: the mean over N = \(p.count) of -(t log p + (1 - t) log(1 - p)), natural logarithms.\n"
        )
        try show("t", t, "what is true: 1 or 0")
        try show("p", p, "the probability that was predicted for 1")
        try StandardOutput.print(
            "\nWhere t is 1, the prediction is worth log p: 0 for certainty, ever lower the less sure it was."
        )
        try show("log p", logP)
        try show("t * log p", positive, "masked: only where t is 1")
        try StandardOutput.print("\nWhere t is 0, it gave 1 - p to what is true, and is worth log(1 - p).")
        try show("log(1 - p)", logQ)
        try show("(1 - t) * log(1 - p)", negative, "masked: only where t is 0")
        try StandardOutput.print(
            "\nThe sums of both parts, and the loss: minus, so that better is smaller; divided by N, the mean."
        )
        try show("sum of t * log p", [positiveSum])
        try show("sum of (1 - t) * log(1 - p)", [negativeSum])
        try show("loss = -(\(text(positiveSum)) + \(text(negativeSum))) / \(p.count)", [loss])
        try StandardOutput.print(
            "    Keras, which computes in Float and clips p by 1e-7, prints \(Float(keras))")
    }

    private func show(_ name: String, _ values: [Double], _ remark: String = "") throws {
        let list = values.count == 1 ? text(values[0]) : "[" + values.map(text).joined(separator: ", ") + "]"
        try StandardOutput.print("    \(name) = \(list)" + (remark.isEmpty ? "" : "    \(remark)"))
    }

    /// Eight decimals; whole numbers are printed as integers, and never as -0.
    private func text(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : String(printf: "%.8f", value)
    }

    private func numbers(_ argument: String, _ role: FileRole) throws -> [Double] {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let parsed = parts.map { part in
            let end = part.lastIndex { !$0.isWhitespace }.map { part.index(after: $0) } ?? part.startIndex
            return Double(part[..<end].drop(while: \.isWhitespace))
        }
        if !parsed.contains(nil) { return parsed.map { $0! } }
        if parts.count > 1, FileIdentity(of: FilePath(argument: argument)) == nil,
            !FileArgument(argument).isText
        {
            let index = parsed.firstIndex(of: nil)!
            throw ToolError(
                "\(role.name)[\(index)] is \"\(String(parts[index]).excerpt)\", expected a number")
        }
        let column = try FileColumn(argument, role, CSVOptions(hasHeader: !hasNoHeader))
        guard column.count <= Self.limit else {
            throw ToolError(
                "explain takes 1 to \(Self.limit) elements, \(column.argument) has \(column.count)")
        }
        let window = try NumberWindow(column, capacity: column.count)
        try window.read(0..<column.count)
        try column.checkUnchanged()
        return (0..<column.count).map { window.numbers[$0] }
    }
}

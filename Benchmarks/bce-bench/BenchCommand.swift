// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossEntropyCBLAS
import Foundation

/// Times every implementation of one operation on the same data, and prints a comparison.
@main
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bce-bench",
        abstract: "Times implementations of binary cross-entropy, interleaved on the same data.",
        discussion: """
            Rows are named OPERATION/IMPLEMENTATION/SCALAR/n=COUNT/threads=COUNT, for example \
            loss.logits/vector/Float/n=65536/threads=1. The naive loop and the limit are rows of every table, \
            whatever the filter.
            """)

    @Option(help: "Write all rows to this file as JSON.")
    var json: String?

    @Option(help: "Only rows whose names this regular expression matches.")
    var filter: String = ""

    @Option(help: "Numbers of elements, separated by commas.")
    var sizes: Sizes = Sizes(counts: [16, 1024, 65536, 1 << 20, 1 << 25])

    @Option(help: "Threads that an implementation may use; the naive loop uses one.")
    var threads: Int = 1

    @Option(help: "Time for each table; every row is timed 15 times at least, 7 times above 2^22 elements.")
    var seconds: Double = 1

    @Flag(help: "Time batches instead: by row, by column, pairwise, logistic regression.")
    var matrices = false

    @Flag(help: "Run although this is a debug build, to compare its kernels with those of a release build.")
    var allowDebug = false

    @Option(
        help: ArgumentHelp(
            "Call what the filter selects, and nothing else, this many times instead of timing it.",
            discussion: "For tools that count from outside: allocations, instructions, cache misses."))
    var calls: Int?

    @Flag(help: "Print the names of the rows and stop.")
    var list = false

    func validate() throws {
        guard threads >= 1 else { throw ValidationError("--threads must be 1 or more") }
        guard seconds > 0 else { throw ValidationError("--seconds must be more than 0") }
        guard (try? Regex(filter)) != nil else {
            throw ValidationError("--filter is not a regular expression: \(filter)")
        }
    }

    func run() throws {
        guard allowDebug || list || !Machine.isDebugBuild else {
            throw Refusal("bce-bench is not optimised: run it with `swift run -c release bce-bench`")
        }
        openblas_set_num_threads(Int32(threads))
        let pattern = try Regex(filter)
        var report = Report(machine: Machine())
        if !list, calls == nil { print(Table.header(report.machine)) }
        if matrices {
            for table in MatrixTable.all(threads: threads) { try time(table, pattern, &report) }
        }
        for count in matrices ? [] : sizes.counts {
            for (float, double) in zip(Operation<Float>.all, Operation<Double>.all) {
                try table(float, count, pattern, &report)
                try table(double, count, pattern, &report)
            }
        }
        if let json { try report.write(to: json) }
        if !list, calls == nil, report.rows.isEmpty { throw Refusal("no row matches --filter \(filter)") }
    }

    private func table<S: BenchScalar>(
        _ operation: Operation<S>, _ count: Int, _ pattern: Regex<AnyRegexOutput>, _ report: inout Report
    ) throws {
        let setting = Setting(operation, count: count, threads: threads)
        let names = Implementation.names(operation).filter { setting.rowName($0).contains(pattern) }
        guard !names.isEmpty else { return }
        if list { return names.forEach { print(setting.rowName($0)) } }

        let rotation = Rotation(operation, count: count)
        let implementations = Implementation.all(operation, rotation, threads: threads).filter {
            names.contains($0.name) || ($0.isYardstick && calls == nil)
        }
        if calls != nil { return try call(implementations) }
        try Implementation.checkAgreement(implementations, operation, rotation)
        try time(implementations, setting, &report)
    }

    private func call(_ implementations: [Implementation]) throws {
        for implementation in implementations {
            for _ in 0..<(calls ?? 0) { blackHole(try implementation.call()) }
        }
    }

    private func time(
        _ table: MatrixTable, _ pattern: Regex<AnyRegexOutput>, _ report: inout Report
    ) throws {
        let names = table.implementations.map(\.name).filter {
            table.setting.rowName($0).contains(pattern)
        }
        guard !names.isEmpty else { return }
        if list { return names.forEach { print(table.setting.rowName($0)) } }
        if calls != nil { return try call(table.implementations.filter { names.contains($0.name) }) }
        try table.checkAgreement()
        try time(
            table.implementations.filter { names.contains($0.name) || $0.isYardstick }, table.setting,
            &report)
    }

    private func time(
        _ implementations: [Implementation], _ setting: Setting, _ report: inout Report
    ) throws {
        let timings = try measure(
            implementations.map(\.call), rounds: setting.count > 1 << 22 ? 7 : 15, seconds: seconds)
        let shares = zip(implementations, timings).map { $1.divided(by: $0.share) }
        let group = RowGroup(setting, Array(zip(implementations, shares)))
        print(Table.text(group))
        report.rows += group.rows
    }
}

/// The reason why nothing was timed; the exit status is 1.
struct Refusal: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The argument of `--sizes`.
struct Sizes: ExpressibleByArgument {
    let counts: [Int]

    init(counts: [Int]) { self.counts = counts }

    init?(argument: String) {
        let counts = argument.split(separator: ",").map { Int($0) ?? 0 }
        // CBLAS uses 32-bit counts.
        guard !counts.isEmpty, counts.allSatisfy({ $0 > 0 && $0 <= Int(Int32.max) }) else { return nil }
        self.counts = counts
    }

    var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}

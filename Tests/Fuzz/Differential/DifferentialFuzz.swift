// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Compares random calls of the library with the documented formulas, at every level of the machine.
@main
struct DifferentialFuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "differential-fuzz",
        abstract: "Compares random calls of the library with the documented formulas in 80 bits.",
        discussion: """
            Every buffer lies beside a page that cannot be touched, so that an access out of bounds is a fault. Stops at \
            the first difference, fault, or case of more than 5 seconds, prints its seed and number, and exits with a \
            status other than 0.
            """)

    @Option(help: "What all cases are made from.") var seed: UInt64 = 1
    @Option(help: "Cases to run.") var cases: UInt64 = 1_000_000
    @Option(help: "Seconds after which to stop before that; 0: never.") var seconds = 0.0
    @Option(name: .customLong("first"), help: "The number of the first case.") var first: UInt64 = 0
    @Option(name: .customLong("case"), help: "Run this case alone.") var only: UInt64?
    @Option(help: "Instead, go through every so many-th Float, and print the worst errors.") var sweep: Int?
    @Flag(help: "Print each case before it runs: what a fault was in.") var describe = false
    @Flag(help: "Go on after a difference, and fail at the end.") var keepGoing = false

    func run() throws {
        FaultHandler.install()
        if let sweep { return try Sweep(stride: sweep).run() }
        let arena = Arena()
        let numbers = only.map { $0..<$0 + 1 } ?? first..<first + cases
        let start = Date()
        var (done, failures) = (0, 0)
        for number in numbers {
            if seconds > 0, done % 64 == 0, Date().timeIntervalSince(start) >= seconds { break }
            FaultHandler.begin(seed: seed, number: number)
            do {
                let fuzzCase = try FuzzCase(seed: seed, number: number)
                if describe { print(fuzzCase) }
                try fuzzCase.run(arena)
            } catch {
                failures += 1
                print("--seed \(seed) --case \(number): \(error)")
                guard keepGoing else { throw ExitCode.failure }
            }
            done += 1
        }
        let elapsed = Date().timeIntervalSince(start)
        let rate = Double(done) / max(elapsed, 1e-9)
        print(
            "differential: \(done) cases of seed \(seed), \(failures) failures, \(Int(rate)) cases a second")
        if failures > 0 { throw ExitCode.failure }
    }
}

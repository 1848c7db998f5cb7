// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import XCTest

/// Programs whose threads, stacks and cores differ from those of a test process.
final class StressTests: XCTestCase {
    /// A child that inherited the pool's lock, held by a thread that it does not have, would wait forever: one in 600
    /// did, so that 5,000 miss it once in 4,000 runs.
    func test_fork_whileThreadsComputeOrSleep_childrenCanCall() throws {
        try runStress(["forks", "5000"])
    }

    func test_everyCall_stackOf64KiB_isEnough() throws {
        try runStress(["stack", "\(64 << 10)"])
    }

    func test_call_oneAllowedCore_startsNoThread() throws {
        #if os(Linux)
            let output = try runStress(
                ["threads"], through: ["/usr/bin/taskset", "-c", "\(try firstCore())"])
            XCTAssertEqual(Int(output), 0)
            // The call is on 2^19 elements, and 2^15 of them are worth a thread.
            XCTAssertEqual(Int(try runStress(["threads"])), min(Cores.available, 16) - 1)
        #endif
    }

    private func firstCore() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
        return try XCTUnwrap(Int(line.dropFirst(18).drop { !$0.isNumber }.prefix { $0.isNumber }))
    }

    /// The output of the program next to the test bundle.
    @discardableResult
    private func runStress(
        _ arguments: [String], through launcher: [String] = [], file: StaticString = #filePath,
        line: UInt = #line
    ) throws -> String {
        let folder = Bundle.main.executableURL!.resolvingSymlinksInPath().deletingLastPathComponent()
        let command = launcher + [folder.appendingPathComponent("library-stress").path] + arguments
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        let (output, error) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, error)
        try process.run()
        let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .exit, "\(command): \(message)", file: file, line: line)
        XCTAssertEqual(process.terminationStatus, 0, "\(command): \(message)", file: file, line: line)
        return printed.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

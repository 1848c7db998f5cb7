// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// A result that could not be written is an error, whichever command prints it.
final class StandardOutputTests: XCTestCase {
    /// All commands that print something.
    private static let commands = [
        "loss p.npy t.npy", "loss p.npy t.npy --json", "loss p.npy t.npy --by-row --report",
        "loss p.npy t.npy --elements-to e.npy --gradient-to g.npy", "pairwise p.npy t.npy --out m.npy",
        "explain 0.5 1", "--help", "help loss", "loss --help", "pairwise --help", "help pairwise",
        "--generate-completion-script bash",
    ]

    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        for name in ["e.npy", "g.npy", "m.npy"] { try tool.write(name, "precious") }
        return tool
    }

    private func assertFails(_ redirection: String, _ reason: String, line: UInt = #line) throws {
        let tool = try tool()
        let before = try tool.contents()
        for command in Self.commands {
            let result = try tool.shell("\"$BCE\" \(command) \(redirection)")
            XCTAssertEqual(result.status, 1, command, line: line)
            XCTAssertEqual(
                result.error, "Error: standard output: cannot be written: \(reason)\n", command, line: line)
            XCTAssertEqual(result.output, "", command, line: line)
            XCTAssertEqual(try tool.contents(), before, command, line: line)
        }
    }

    func test_standardOutput_fullDevice_isAnErrorOfEveryCommand() throws {
        try XCTSkipUnless(FileManager.default.fileExists(atPath: "/dev/full"))
        try assertFails(">/dev/full", "No space left on device")
    }

    func test_standardOutput_closed_isAnErrorOfEveryCommand() throws {
        try assertFails(">&-", "Bad file descriptor")
    }

    func test_standardOutput_notForWriting_isAnErrorOfEveryCommand() throws {
        try assertFails("1</dev/null", "Bad file descriptor")
    }

    /// Otherwise the next file that is opened would become standard output, and the result would be written into it.
    func test_allDescriptors_closed_noFileTakesTheirPlace() throws {
        let tool = try tool()
        let before = try tool.contents()
        for command in Self.commands {
            let result = try tool.shell("\"$BCE\" \(command) <&- >&- 2>&-")
            XCTAssertEqual(result.status, 1, command)
            XCTAssertEqual(try tool.contents(), before, command)
        }
    }

    func test_standardInputAndError_closed_doNoHarm() throws {
        let tool = try tool()
        let result = try tool.shell("\"$BCE\" loss p.npy t.npy --elements-to e.npy <&- 2>&-")
        XCTAssertEqual(result.status, 0)
        XCTAssertNotNil(Double(result.output.trimmingCharacters(in: .newlines)), result.output)
        XCTAssertEqual(try tool.read("e.npy").count, 128 + 48)
        XCTAssertEqual(try tool.shell("\"$BCE\" loss none.npy t.npy 2>&-").status, 1)
        XCTAssertEqual(try tool.shell("\"$BCE\" loss --no-such-option 2>&-").status, 64)
    }

    func test_standardOutput_readerGone_diesOfItWithoutAWord() throws {
        let tool = try tool()
        let before = try tool.contents()
        for arguments in [
            ["loss", "p.npy", "t.npy", "--elements-to", "e.npy"], ["explain", "0.5", "1"], ["--help"],
            ["pairwise", "p.npy", "t.npy", "--out", "m.npy"],
        ] {
            let running = try RunningTool(tool, arguments)
            running.breakPipe()
            XCTAssertEqual(running.wait(), .signal(SIGPIPE), "\(arguments)")
            XCTAssertEqual(try tool.contents(), before, "\(arguments)")
        }
    }

    func test_standardOutput_readerGoneAndSignalIgnored_isAnErrorLikeOthers() throws {
        let tool = try tool()
        let before = try tool.contents()
        let running = try RunningTool(
            tool, ["loss", "p.npy", "t.npy", "--elements-to", "e.npy"], ignored: SIGPIPE)
        running.breakPipe()
        XCTAssertEqual(running.wait(), .status(1))
        XCTAssertEqual(running.error, "Error: standard output: cannot be written: Broken pipe\n")
        XCTAssertEqual(try tool.contents(), before)
    }
}

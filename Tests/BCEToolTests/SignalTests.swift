// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// A signal that ends the tool leaves the folder as it was.
final class SignalTests: XCTestCase {
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGXCPU]

    /// Files of a few megabytes, and the outputs of an earlier run.
    private func tool() throws -> Tool {
        let tool = try Tool()
        let (rows, columns) = (1 << 10, 1 << 9)
        let shape = "(\(rows), \(columns))"
        try tool.write("x.npy", NPY.file("<f4", [Float](repeating: 0, count: rows * columns), shape: shape))
        try tool.write("t.npy", NPY.file("|u1", [UInt8](repeating: 1, count: rows * columns), shape: shape))
        for name in ["e.npy", "g.npy", "m.npy"] { try tool.write(name, "precious") }
        return tool
    }

    private static let loss = [
        "loss", "x.npy", "t.npy", "--logits", "--elements-to", "e.npy", "--gradient-to", "g.npy",
        "--hessian-to", "new.npy",
    ]

    func test_signals_outputsWritten_leaveTheFolderAsItWas() throws {
        let tool = try tool()
        let before = try tool.contents()
        // The Swift runtime ends a program that has run out of memory with SIGABRT.
        for signal in Self.signals + [SIGABRT] {
            let running = try RunningTool(tool, Self.loss)
            _ = try running.waitForTemporaryFiles(3, bytes: 128 + 4 << 19)
            running.send(signal)
            XCTAssertEqual(running.wait(), .signal(signal))
            XCTAssertEqual(try tool.contents(), before, "signal \(signal)")
        }
    }

    /// The signal may arrive at any time between the creation of the first temporary file and the last byte of all of
    /// them.
    func test_signals_atWork_leaveTheFolderAsItWas() throws {
        let tool = try tool()
        let before = try tool.contents()
        for (index, signal) in (Self.signals + Self.signals).enumerated() {
            let running = try RunningTool(tool, Self.loss)
            _ = try running.waitForTemporaryFiles(1 + index % 3)
            running.send(signal)
            XCTAssertEqual(running.wait(), .signal(signal))
            XCTAssertEqual(try tool.contents(), before, "signal \(signal)")
        }
    }

    /// OpenBLAS starts its threads before the tool can block signals in them.
    func test_signals_pairwise_leaveTheFolderAsItWas() throws {
        let tool = try tool()
        let before = try tool.contents()
        for (index, signal) in (Self.signals + Self.signals).enumerated() {
            let running = try RunningTool(
                tool, ["pairwise", "x.npy", "t.npy", "--logits", "--out", "m.npy"])
            _ = try running.waitForTemporaryFiles(1, bytes: index % 2 == 0 ? 128 + 4 << 20 : 0)
            running.send(signal)
            XCTAssertEqual(running.wait(), .signal(signal))
            XCTAssertEqual(try tool.contents(), before, "signal \(signal)")
        }
    }

    func test_signals_withoutOutputs_endTheToolAsAnyOther() throws {
        let tool = try tool()
        for signal in Self.signals {
            let running = try RunningTool(tool, ["loss", "x.npy", "t.npy", "--logits"])
            try running.waitForStart()
            running.send(signal)
            XCTAssertEqual(running.wait(), .signal(signal))
        }
    }

    func test_hangup_ignored_staysIgnored() throws {
        let tool = try tool()
        let running = try RunningTool(tool, Self.loss, ignored: SIGHUP)
        _ = try running.waitForTemporaryFiles(3)
        running.send(SIGHUP)
        running.unblock()
        XCTAssertEqual(running.wait(), .status(0))
        XCTAssertEqual(try tool.read("e.npy").count, 128 + 4 << 19)
    }

    func test_stopAndContinue_changeNothing() throws {
        let tool = try tool()
        let running = try RunningTool(tool, Self.loss)
        _ = try running.waitForTemporaryFiles(3)
        for _ in 0..<3 {
            running.send(SIGSTOP)
            running.send(SIGCONT)
        }
        running.unblock()
        XCTAssertEqual(running.wait(), .status(0))
        for name in ["e.npy", "g.npy", "new.npy"] {
            XCTAssertEqual(try tool.read(name).count, 128 + 4 << 19, name)
        }
        XCTAssertEqual(
            Set(try tool.contents().keys), ["x.npy", "t.npy", "e.npy", "g.npy", "m.npy", "new.npy"])
    }

    func test_fileSizeLimit_isAnErrorAndLeavesTheFolderAsItWas() throws {
        let tool = try tool()
        let before = try tool.contents()
        for command in [Self.loss, ["pairwise", "x.npy", "t.npy", "--logits", "--out", "m.npy"]] {
            let result = try tool.shell("ulimit -f 16; \"$BCE\" \(command.joined(separator: " "))")
            XCTAssertEqual(result.status, 1, result.error)
            XCTAssert(result.error.hasSuffix(".npy: cannot be written: File too large\n"), result.error)
            XCTAssertEqual(result.output, "")
            XCTAssertEqual(try tool.contents(), before)
        }
    }
}

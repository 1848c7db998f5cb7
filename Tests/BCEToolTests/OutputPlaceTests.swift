// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// An output that would overwrite another input or output of the same command is rejected before anything is read.
final class OutputPlaceTests: XCTestCase {
    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        try tool.write("w.npy", NPY.file("<f8", [1.0, 2, 3]))
        try tool.write("m.npy", NPY.file("|b1", [true, true, false]))
        try tool.write("v.npy", NPY.file("<f8", [1.0, 2]))
        try tool.write("log.csv", "p,t\n0.5,1\n0.25,0\n")
        try tool.write("old.npy", "precious")
        return tool
    }

    private func assertRefused(
        _ tool: Tool, _ script: String, status: Int32 = 64, _ message: String, line: UInt = #line
    ) throws {
        let before = try tool.contents()
        let result = try tool.shell(script)
        XCTAssertEqual(result.status, status, script, line: line)
        XCTAssertEqual(result.output, "", script, line: line)
        XCTAssert(result.error.hasPrefix("Error: \(message)\n"), "\(script): \(result.error)", line: line)
        XCTAssertEqual(try tool.contents(), before, script, line: line)
    }

    func test_output_anInput_isRefused() throws {
        let tool = try tool()
        let inputs = "p.npy t.npy --weights w.npy --mask m.npy --positive-weight v.npy"
        for (title, file) in [
            ("predictions", "p.npy"), ("targets", "t.npy"), ("--weights", "w.npy"), ("--mask", "m.npy"),
            ("--positive-weight", "v.npy"),
        ] {
            for (make, name) in [
                ("true", file), ("true", "./\(file)"), ("true", "$PWD/\(file)"),
                ("ln -s \(file) soft.npy", "soft.npy"), ("ln \(file) hard.npy", "hard.npy"),
                ("ln -s . here", "here/./here//\(file)"),
            ] {
                let shown = name.replacingOccurrences(of: "$PWD", with: tool.folder.path)
                try assertRefused(
                    tool,
                    """
                    \(make)
                    "$BCE" loss \(inputs) --gradient-to \(name)
                    status=$?; rm -f soft.npy hard.npy here; exit $status
                    """, "\(title) (\(file)) and --gradient-to (\(shown)) must be different files")
            }
        }
        try assertRefused(
            tool, "\"$BCE\" loss log.csv:p log.csv:t --elements-to log.csv",
            "predictions (log.csv) and --elements-to (log.csv) must be different files")
        for (title, file) in [("predictions", "x.npy"), ("targets", "t.npy")] {
            try assertRefused(
                tool, "\"$BCE\" pairwise x.npy t.npy --logits --out \(file)",
                "\(title) (\(file)) and --out (\(file)) must be different files")
        }
    }

    func test_outputs_theSameFile_areRefused() throws {
        let tool = try tool()
        _ = try tool.shell("ln old.npy hard.npy; ln -s old.npy soft.npy; mkdir d; ln -s ../d d/loop")
        for (first, second) in [
            ("old.npy", "old.npy"), ("old.npy", "./old.npy"), ("old.npy", "hard.npy"),
            ("soft.npy", "hard.npy"),
            ("new.npy", "new.npy"), ("new.npy", "d/../new.npy"), ("d/new.npy", "d/loop/loop/new.npy"),
        ] {
            // Errors in the inputs are not even looked for.
            try assertRefused(
                tool, "\"$BCE\" loss none.npy t.npy --elements-to \(first) --gradient-to \(second)",
                "--elements-to (\(first)) and --gradient-to (\(second)) must be different files")
        }
    }

    func test_output_standardOutput_isRefused() throws {
        let tool = try tool()
        for (name, number) in [("standard output", 1), ("standard error", 2)] {
            for path in ["/dev/fd/\(number)", "/proc/self/fd/\(number)", "old.npy"] {
                try XCTSkipUnless(FileManager.default.fileExists(atPath: "/proc/self/fd"))
                // A file to which the shell appends is kept; if it is standard error, it contains the message.
                let result = try tool.shell(
                    "\"$BCE\" loss p.npy t.npy --elements-to \(path) \(number)>>old.npy")
                XCTAssertEqual(result.status, 64, path)
                let written = String(decoding: try tool.read("old.npy"), as: UTF8.self)
                XCTAssert(written.hasPrefix("precious"), written)
                XCTAssert(
                    (result.error + written).contains(
                        "Error: \(name) and --elements-to (\(path)) must be different files\n"), result.error)
                try tool.write("old.npy", "precious")
            }
        }
        // Standard output is a pipe here.
        try assertRefused(
            tool, "\"$BCE\" loss p.npy t.npy --elements-to /dev/stdout", status: 1,
            "/dev/stdout: cannot be written: not a regular file")
    }

    func test_output_noPlaceForAFile_isNamed() throws {
        let tool = try tool()
        _ = try tool.shell("mkdir d; ln -s loop loop; ln -s d link; mkfifo pipe")
        let long = String(repeating: "n", count: 256)
        for (path, reason) in [
            ("d", "not a regular file"), (".", "not a regular file"), ("link", "not a regular file"),
            ("/", "Is a directory"), ("d/", "Is a directory"), ("new/", "No such file or directory"),
            ("''", "No such file or directory"), ("none/e.npy", "No such file or directory"),
            ("p.npy/e.npy", "Not a directory"), ("loop", "Too many levels of symbolic links"),
            ("pipe", "not a regular file"), ("/dev/null", "not a regular file"), (long, "File name too long"),
        ] {
            let shown = path == "''" ? "\"\"" : path
            let name =
                path == long
                ? String(repeating: "n", count: 100) + "..." + String(repeating: "n", count: 150) : shown
            try assertRefused(
                tool, "\"$BCE\" loss none.npy t.npy --elements-to \(path)", status: 1,
                "\(name): cannot be written: \(reason)")
        }
    }
}

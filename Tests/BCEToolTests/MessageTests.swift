// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Messages are short enough to read, and nothing in a file or an argument moves the cursor of the terminal.
final class MessageTests: XCTestCase {
    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    private func assertMessage(
        _ tool: Tool, _ script: String, contains words: String..., line: UInt = #line
    ) throws {
        let result = try tool.shell(script)
        XCTAssertNotEqual(result.status, 0, script, line: line)
        XCTAssertEqual(result.output, "", script, line: line)
        XCTAssertLessThan(result.error.utf8.count, 4_200, script, line: line)
        XCTAssertNil(
            result.error.unicodeScalars.first {
                $0 != "\n" && [.control, .format, .privateUse].contains($0.properties.generalCategory)
            }, result.error.debugDescription, line: line)
        for word in words { XCTAssert(result.error.contains(word), result.error, line: line) }
    }

    func test_arguments_areShownEscaped() throws {
        let tool = try tool()
        for (bytes, shown) in [
            (#"\033[31m"#, #"\x1B[31m"#), (#"\377"#, #"\xFF"#), (#"\303\251"#, "\u{E9}"), (#"\n"#, #"\n"#),
            (#"\r\t"#, #"\r\t"#), (#"\342\200\256"#, #"\u{202E}"#), (#"\302\233"#, #"\u{9B}"#),
            (#"\364\217\270\200"#, #"\u{10FE00}"#), (#"\177"#, #"\x7F"#), (#"\344\275\240"#, "\u{4F60}"),
            (#"\360\237\216\211"#, "\u{1F389}"), (#"\355\240\200"#, #"\xED\xA0\x80"#),
            (#"\300\200"#, #"\xC0\x80"#),
        ] {
            let name = "a\(bytes)b"
            let (path, expected) = ("\"$(printf '\(name)')\"", "a\(shown)b")
            try assertMessage(tool, "\"$BCE\" loss \(path) t.npy", contains: "\(expected): No such file")
            try assertMessage(
                tool, "\"$BCE\" loss p.npy t.npy --elements-to none/\(path)", contains: "none/\(expected)")
            try assertMessage(tool, "\"$BCE\" loss p.npy t.npy \(path)", contains: "'\(expected)'")
            try assertMessage(tool, "\"$BCE\" loss p.npy t.npy --preset \(path)", contains: expected)
            try assertMessage(tool, "\"$BCE\" pairwise \(path) t.npy --out m.npy", contains: expected)
            try assertMessage(
                tool, "\"$BCE\" loss p.npy t.npy --mask p.npy --weights \(path)", contains: expected)
        }
    }

    func test_environment_isShownEscaped() throws {
        let tool = try tool()
        try assertMessage(
            tool, "CROSS_ENTROPY_ISA=$(printf 'none\\033[31m\\n;') \"$BCE\" loss p.npy t.npy",
            contains: #"CROSS_ENTROPY_ISA is "none\x1B[31m\n;""#)
        try assertMessage(
            tool, "CROSS_ENTROPY_ISA=$(printf '%099999d' 1) \"$BCE\" loss p.npy t.npy",
            contains: "CROSS_ENTROPY_ISA is \"\(String(repeating: "0", count: 40))...\"")
    }

    func test_filesText_isShownEscaped() throws {
        let tool = try tool()
        try tool.write("p.csv", Data("p\n0.5\n".utf8) + [0x1B, 0x5B, 0x33, 0xFF] + Data("\n0.5\n".utf8))
        try assertMessage(tool, "\"$BCE\" loss p.csv t.npy", contains: "p.csv, line 3, column 1")
        try tool.write("p.npy", NPY.file("\u{1B}[31m", [1.0]))
        try assertMessage(tool, "\"$BCE\" loss p.npy t.npy", contains: "p.npy: its element type", #"\x1B"#)
    }

    func test_messages_ofLongTexts_areBounded() throws {
        let tool = try tool()
        let long = "$(printf '%0100000d' 1)"
        for arguments in [
            "loss \(long) t.npy", "loss p.npy t.npy --elements-to \(long)", "loss p.npy t.npy \(long)",
            "loss p.npy t.npy --\(long)", "loss p.npy t.npy --preset \(long)", long, "explain x\(long),1 1",
            "loss p.npy t.npy --weights \(long).csv:x", "pairwise p.npy \(long) --out m.npy",
            "pairwise p.npy t.npy --out \(long)", "loss p.npy t.npy --threads x\(long)",
        ] {
            try assertMessage(tool, "\"$BCE\" \(arguments)", contains: "Error: ", "...")
        }
    }

    /// ArgumentParser traps if there is no room for its columns.
    func test_help_narrowTerminal_isPrinted() throws {
        let tool = try tool()
        for columns in ["0", "1", "20", "99999999999999999999", "x"] {
            for command in ["--help", "loss --help", "pairwise --help"] {
                let result = try tool.shell("COLUMNS=\(columns) \"$BCE\" \(command)")
                XCTAssertEqual(result.status, 0, "\(columns): \(result.error)")
                XCTAssert(result.output.contains("USAGE: bce"), columns)
            }
        }
    }
}

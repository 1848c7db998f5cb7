// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Every invalid argument is named together with its value, and nothing is printed or written.
final class OptionRefusalTests: XCTestCase {
    /// Runs the tool with three existing outputs, and checks that they are unchanged.
    private func assertRefused(
        _ tool: Tool, _ arguments: [String], _ words: String..., line: UInt = #line
    ) throws {
        let outputs = ["e.npy", "g.npy"]
        for output in outputs { try tool.write(output, "precious") }
        let before = try FileManager.default.contentsOfDirectory(atPath: tool.folder.path).sorted()
        let files =
            arguments.contains("--by-row") ? [] : ["--elements-to", "e.npy", "--gradient-to", "g.npy"]
        let result = try tool.run(["loss"] + arguments + files)
        XCTAssertNotEqual(result.status, 0, "\(arguments)", line: line)
        XCTAssertEqual(result.output, "", line: line)
        XCTAssertEqual(result.error.components(separatedBy: "Error:").count, 2, result.error, line: line)
        for word in words { XCTAssertTrue(result.error.contains(word), result.error, line: line) }
        for output in outputs { XCTAssertEqual(try tool.read(output), Data("precious".utf8), line: line) }
        let after = try FileManager.default.contentsOfDirectory(atPath: tool.folder.path).sorted()
        XCTAssertEqual(before, after, line: line)
    }

    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    func test_numbers_outOfTheirDomain_areNamed() throws {
        let tool = try tool()
        for (option, value, printed) in [
            ("--label-smoothing", "1.5", "1.5"), ("--label-smoothing", "-0.5", "-0.5"),
            ("--label-smoothing", "nan", "nan"), ("--positive-weight", "-1", "-1"),
            ("--positive-weight", "inf", "inf"), ("--focal-gamma", "-2", "-2"),
            ("--focal-gamma", "nan", "nan"), ("--focal-alpha", "1.25", "1.25"),
            ("--focal-alpha", "-0.25", "-0.25"), ("--missing", "0.5", "0.5"), ("--missing", "1", "1"),
            ("--missing", "inf", "inf"), ("--missing", "none", "none"), ("--threads", "0", "0"),
            ("--preset", "tensorflow", "tensorflow"), ("--reduction", "max", "max"),
            ("--label-smoothing", "x", "x"), ("--focal-gamma", "x", "x"),
        ] {
            try assertRefused(tool, ["p.npy", "t.npy", option, value], option, printed)
        }
    }

    func test_weights_ofAnotherShape_saysWhatIsPossible() throws {
        let tool = try tool()
        for (elements, shape) in [(2, "(2,)"), (6, "(6,)"), (2, "(2, 1)"), (3, "(1, 3)"), (6, "(2, 3)")] {
            try tool.write(
                "w.npy", NPY.file("<f8", [Double](repeating: 1, count: elements), shape: shape))
            try assertRefused(
                tool, ["p.npy", "t.npy", "--weights", "w.npy"], "weights (w.npy)", "[3, 2]", "[3]", "[3, 1]",
                "[1, 2]")
        }
        try tool.write("p1.npy", NPY.file("<f8", Matrix.p))
        try tool.write("w.npy", NPY.file("<f8", [1.0, 2, 3], shape: "(3, 1)"))
        try tool.write("t1.npy", NPY.file("<f8", Matrix.t))
        try assertRefused(tool, ["p1.npy", "t1.npy", "--weights", "w.npy"], "w.npy", "[3, 1]", "[6]")
    }

    func test_weights_badValues_areNamed() throws {
        let tool = try tool()
        for (values, shape, words) in [
            ([1, 1, 1, -2, 1, 1], "(3, 2)", ("weights[3]", "-2.0")),
            ([1, 1, .nan], "(3,)", ("weights[2]", "nan")),
            ([1, .infinity], "(1, 2)", ("weights[1]", "inf")),
        ] as [([Double], String, (String, String))] {
            try tool.write("w.npy", NPY.file("<f8", values, shape: shape))
            try assertRefused(tool, ["p.npy", "t.npy", "--weights", "w.npy"], words.0, words.1)
        }
        try tool.write("w.npy", NPY.file("|S3", [1.0]))
        try assertRefused(tool, ["p.npy", "t.npy", "--weights", "w.npy"], "w.npy", "S3")
        try assertRefused(tool, ["p.npy", "t.npy", "--weights", "none.npy"], "none.npy", "No such file")
    }

    func test_positiveWeight_badFile_isNamed() throws {
        let tool = try tool()
        try tool.write("v.npy", NPY.file("<f8", [1.0, 2, 3]))
        let arguments = ["t.npy", "--positive-weight", "v.npy"]
        try assertRefused(tool, ["p.npy"] + arguments, "positive-weight (v.npy)", "[3]", "[2]", "[1, 2]")
        try tool.write("v.npy", NPY.file("<f8", [1.0, -2]))
        try assertRefused(tool, ["p.npy"] + arguments, "positive-weight[1]", "-2.0")
        try tool.write("p1.npy", NPY.file("<f8", Matrix.p))
        try tool.write("t1.npy", NPY.file("<f8", Matrix.t))
        try assertRefused(
            tool, ["p1.npy", "t1.npy", "--positive-weight", "v.npy"], "v.npy", "2-D", "[6]")
        try assertRefused(
            tool, ["p.npy", "t.npy", "--positive-weight", "two"], "two", "No such file")
    }

    func test_mask_badFile_isNamed() throws {
        let tool = try tool()
        let arguments = ["p.npy", "t.npy", "--mask"]
        try tool.write("m.npy", NPY.file("|b1", [true, false]))
        try assertRefused(tool, arguments + ["m.npy"], "mask (m.npy)", "[2]", "[3, 2]", "[3]", "[3, 1]")
        try assertRefused(tool, arguments + ["p.npy"], "p.npy", "f8", "mask")
        try tool.write("m.csv", "m\n1\nnan\n1\n")
        try assertRefused(tool, arguments + ["m.csv"], "mask[1]", "nan")
        try tool.write("p1.npy", NPY.file("<f8", Matrix.p))
        try tool.write("t1.npy", NPY.file("<f8", Matrix.t))
        try assertRefused(tool, ["p1.npy", "t1.npy", "--mask", "m.npy"], "m.npy", "[2]", "[6]")
    }

    func test_values_thatCount_areCheckedInEveryType() throws {
        let tool = try tool()
        try tool.write("m.npy", NPY.file("|b1", [true, false, true, true, true, true], shape: Matrix.shape))
        let half: [Float16] = [0.5, 7, 0.5, 0.5, 1.5, 0.5]
        try tool.write("p.npy", NPY.file("<f2", half, shape: Matrix.shape))
        try assertRefused(tool, ["p.npy", "t.npy", "--mask", "m.npy"], "probabilities[4]", "1.5", "[0, 1]")
        try tool.write(
            "x.npy", NPY.file("<f2", [0, .nan, .infinity, 0, 0, .nan] as [Float16], shape: Matrix.shape))
        try assertRefused(tool, ["x.npy", "t.npy", "--logits", "--mask", "m.npy"], "logits[5]", "nan")
        try tool.write("p.npy", NPY.file("<f8", [0.5, 7, 0.5, -0.1, 1.5, 0.5], shape: Matrix.shape))
        try assertRefused(tool, ["p.npy", "t.npy", "--mask", "m.npy"], "probabilities[3]", "-0.1")
    }

    func test_combinations_withoutSense_areRefused() throws {
        let tool = try tool()
        try assertRefused(tool, ["p.npy", "t.npy", "--hessian-to", "h.npy"], "--hessian-to", "--logits")
        try assertRefused(
            tool, ["x.npy", "t.npy", "--logits", "--hessian-to", "./g.npy"], "different files", "g.npy")
        try assertRefused(
            tool, ["x.npy", "t.npy", "--logits", "--by-row", "--gradient-to", "n.npy"], "--by-row")
        try tool.write("p1.npy", NPY.file("<f8", Matrix.p))
        try assertRefused(tool, ["p1.npy", "t.npy", "--by-row"], "--by-row", "p1.npy", "2-D", "[6]")
    }

    func test_outputs_oneCannotBeWritten_noneIs() throws {
        let tool = try tool()
        try assertRefused(
            tool, ["x.npy", "t.npy", "--logits", "--hessian-to", "no/folder/h.npy"], "no/folder/h.npy")
    }
}

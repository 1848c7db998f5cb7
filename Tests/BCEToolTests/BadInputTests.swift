// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Bad input is an error with a name, an index and a value, and a nonzero status; it never causes a crash.
final class BadInputTests: RefusalTestCase {
    func test_loss_missingFile_isNamed() throws {
        try assertRefused(toolWithTargets(), "none.npy", "t.npy", "none.npy", "No such file")
        try assertRefused(toolWithTargets(), "none.csv", "t.npy", "none.csv", "No such file")
        try assertRefused(toolWithTargets(), ".", "t.npy", "not a regular file")
    }

    func test_loss_pipe_isRefusedNotAwaited() throws {
        let tool = try toolWithTargets()
        XCTAssertEqual(mkfifo(tool.folder.appendingPathComponent("pipe.npy").path, 0o600), 0)
        try assertRefused(tool, "pipe.npy", "t.npy", "pipe.npy", "not a regular file")
    }

    func test_loss_longCell_isShortened() throws {
        let tool = try toolWithTargets()
        try tool.write("p.csv", "p\n" + String(repeating: "x", count: 100_000) + "\n")
        let result = try tool.run("loss", "p.csv", "t.npy")
        XCTAssertTrue(result.error.contains("line 2, column 1: \"xxx"), String(result.error.prefix(200)))
        XCTAssertLessThan(result.error.count, 200)
    }

    func test_loss_nanLogit_isNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("x.npy", NPY.file("<f8", [0.5, -.infinity, .nan, .infinity]))
        let result = try tool.run("loss", "x.npy", "t.npy", "--logits")
        XCTAssertNotEqual(result.status, 0)
        XCTAssertTrue(result.error.contains("Error: logits[2] is nan"), result.error)
    }

    func test_loss_countsAndShapesThatDiffer_areNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5]))
        try assertRefused(tool, "p.npy", "t.npy", "targets", "4 elements", "3")
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 0.5], shape: "(2, 2)"))
        try tool.write("t2.npy", NPY.file("<f8", [0.0, 0, 0, 0], shape: "(1, 4)"))
        try assertRefused(tool, "p.npy", "t2.npy", "[1, 4]", "[2, 2]")
        try assertRefused(tool, "p.npy", "t.npy", "targets (t.npy) has the shape [4]", "[2, 2]")
        try assertRefused(tool, "t.npy", "p.npy", "[2, 2]", "[4]")
        try assertRefused(tool, "t.npy", "t2.npy", "[1, 4]", "[4]")
    }

    func test_loss_valuesOutOfDomain_areNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", NPY.file("<f4", [0.5, 0.5, 0.5, 1.5] as [Float]))
        try assertRefused(tool, "p.npy", "t.npy", "probabilities[3]", "1.5", "[0, 1]")
        try tool.write("p.npy", NPY.file("<f4", [0.5, .nan, 0.5, 0.5] as [Float]))
        try assertRefused(tool, "p.npy", "t.npy", "probabilities[1]", "nan")
        try tool.write("p.npy", NPY.file("<f4", [0.5, 0.5, 0.5, 0.5] as [Float]))
        try tool.write("bad.npy", NPY.file("<f8", [0, 0, -0.1, 0.0]))
        try assertRefused(tool, "p.npy", "bad.npy", "targets[2]", "-0.1", "[0, 1]")
        try tool.write("bad.npy", NPY.file("<i4", [0, 7, 0, 0] as [Int32]))
        try assertRefused(tool, "p.npy", "bad.npy", "targets[1]", "7")
        try tool.write("bad.npy", NPY.file("|u1", [0, 0, 0, 2] as [UInt8]))
        try assertRefused(tool, "p.npy", "bad.npy", "targets[3]", "2")
        try tool.write("bad.npy", NPY.file("<f8", [0, 0, 0, Double.nan]))
        try assertRefused(tool, "p.npy", "bad.npy", "targets[3]", "nan")
    }

    func test_loss_badCSV_namesLineAndCell() throws {
        let tool = try toolWithTargets()
        try tool.write("p.csv", "p,q\n0.5,1\n0.5,2\nmaybe,3\n0.5,4\n")
        try assertRefused(tool, "p.csv:p", "t.npy", "line 4", "column 1", "maybe")
        try assertRefused(tool, "p.csv:none", "t.npy", "none", "p, q")
        try assertRefused(tool, "p.csv", "t.npy", "2 columns")
        try tool.write("p.csv", "p\n0.5,1\n")
        try assertRefused(tool, "p.csv", "t.npy", "line 2", "2 columns")
        try tool.write("p.csv", "p\n\"0.5\n")
        try assertRefused(tool, "p.csv", "t.npy", "line 2", "quote")
        try tool.write("p.csv", "p\n")
        try assertRefused(tool, "p.csv", "t.npy", "no row")
    }

    func test_loss_emptyFiles_areNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", Data())
        try assertRefused(tool, "p.npy", "t.npy", "p.npy", "empty")
        try tool.write("p.csv", Data())
        try assertRefused(tool, "p.csv", "t.npy", "p.csv", "empty")
        try tool.write("p.npy", NPY.file("<f8", [Double]()))
        try assertRefused(tool, "p.npy", "p.npy", "empty")
    }

    func test_loss_badOptions_areRefused() throws {
        let tool = try toolWithTargets()
        for options in [
            ["--threads", "0"], ["--threads", "x"], ["--preset", "best"], ["--reduction", "max"],
        ] {
            XCTAssertNotEqual(
                try tool.run("loss", "t.npy", "t.npy", options[0], options[1]).status, 0, "\(options)")
        }
    }

    func test_explain_badInput_isRefused() throws {
        let tool = try Tool()
        for arguments in [
            ("0.5,1.5", "0,1"), ("0.5", "0,1"), ("0.5,x", "0,1"), ("0.5,nan", "0,1"), ("", "0"),
        ] {
            let result = try tool.run("explain", arguments.0, arguments.1)
            XCTAssertNotEqual(result.status, 0, "\(arguments)")
        }
    }
}

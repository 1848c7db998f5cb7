import Foundation
import XCTest

/// Bad input is an error with a name, an index and a value, and a status other than 0; never a crash.
final class BadInputTests: XCTestCase {
    private func assertRefused(
        _ tool: Tool, _ predictions: String, _ targets: String, _ words: String...,
        file: StaticString = #filePath,
        line: UInt = #line
    ) throws {
        let result = try tool.run("loss", predictions, targets)
        XCTAssertNotEqual(result.status, 0, file: file, line: line)
        XCTAssertEqual(result.output, "", file: file, line: line)
        for word in words {
            XCTAssertTrue(result.error.contains(word), "\(word) in \(result.error)", file: file, line: line)
        }
    }

    private func toolWithTargets() throws -> Tool {
        let tool = try Tool()
        try tool.write("t.npy", NPY.file("<f8", [0.0, 1, 0, 0]))
        return tool
    }

    func test_loss_missingFile_isNamed() throws {
        try assertRefused(toolWithTargets(), "none.npy", "t.npy", "none.npy", "No such file")
        try assertRefused(toolWithTargets(), "none.csv", "t.npy", "none.csv", "No such file")
        try assertRefused(toolWithTargets(), ".", "t.npy", "not a regular file")
    }

    func test_loss_truncatedFile_isNamed() throws {
        let tool = try toolWithTargets()
        let whole = NPY.file("<f8", [0.5, 0.5, 0.5, 0.5])
        for length in [1, 6, 9, 11, 60, 127, 128, 159] {
            try tool.write("p.npy", whole.prefix(length))
            try assertRefused(tool, "p.npy", "t.npy", "p.npy")
        }
    }

    func test_loss_notNPY_isNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", "PK\u{3}\u{4} this is a zip file, as .npz is")
        try assertRefused(tool, "p.npy", "t.npy", "p.npy", "not an .npy file")
        try tool.write("p.npy", NPY.file("<f8", [0.5], version: 9))
        try assertRefused(tool, "p.npy", "t.npy", "format 9")
        try tool.write("p.npy", NPY.file("|O", [0.5]))
        try assertRefused(tool, "p.npy", "t.npy", "element type")
        try tool.write("p.npy", NPY.file("<c16", [0.5, 0, 0.5, 0], shape: "(2,)"))
        try assertRefused(tool, "p.npy", "t.npy", "c16")
    }

    func test_loss_fortranOrder_isNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 0.5], shape: "(2, 2)", fortran: "True"))
        try assertRefused(tool, "p.npy", "t.npy", "p.npy", "Fortran order")
    }

    func test_loss_hugeHeader_isRefused() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", Data([0x93] + Array("NUMPY".utf8) + [2, 0, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3]))
        try assertRefused(tool, "p.npy", "t.npy", "p.npy", "2147483647")
    }

    func test_loss_shapeOverflow_isRefused() throws {
        let tool = try toolWithTargets()
        for shape in [
            "(4611686018427387904, 4)", "(99999999999999999999,)", "(2305843009213693952,)",
            "(9223372036854775807,)",
        ] {
            try tool.write("p.npy", NPY.file("<f8", [0.5], shape: shape))
            try assertRefused(tool, "p.npy", "t.npy", "p.npy", "overflow")
        }
        try tool.write("p.npy", NPY.file("<f8", [0.5], shape: "(1, 1, 1)"))
        try assertRefused(tool, "p.npy", "t.npy", "3 dimensions")
        try tool.write("p.npy", NPY.file("<f8", [0.5], shape: "(-1,)"))
        try assertRefused(tool, "p.npy", "t.npy", "shape")
    }

    func test_loss_countsAndShapesThatDiffer_areNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5]))
        try assertRefused(tool, "p.npy", "t.npy", "targets", "4 elements", "3")
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 0.5], shape: "(2, 2)"))
        try tool.write("t2.npy", NPY.file("<f8", [0.0, 0, 0, 0], shape: "(1, 4)"))
        try assertRefused(tool, "p.npy", "t2.npy", "[1, 4]", "[2, 2]")
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
        try tool.write("p.csv", "0.5\n0.5,1\n")
        try assertRefused(tool, "p.csv", "t.npy", "line 2", "2 columns")
        try tool.write("p.csv", "0.5\n\"0.5\n")
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

    func test_elementsTo_failure_keepsWhatWasThere() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 1.5]))
        try tool.write("e.npy", "precious")
        XCTAssertNotEqual(try tool.run("loss", "p.npy", "t.npy", "--elements-to", "e.npy").status, 0)
        XCTAssertEqual(try tool.read("e.npy"), Data("precious".utf8))
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 0.5]))
        let result = try tool.run("loss", "p.npy", "t.npy", "--elements-to", "no/such/folder/e.npy")
        XCTAssertNotEqual(result.status, 0)
        XCTAssertTrue(result.error.contains("no/such/folder/e.npy"), result.error)
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

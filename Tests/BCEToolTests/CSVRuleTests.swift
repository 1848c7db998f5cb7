// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// What the tool accepts as a .csv file, and what it reports in cases where other readers would guess.
final class CSVRuleTests: RefusalTestCase {
    private let loss = 0.3240220233084355

    private func tool() throws -> Tool {
        let tool = try Tool()
        try tool.write("t.csv", "t\n0\n1\n0\n0\n")
        return tool
    }

    private func assertRead(
        _ text: String, _ column: String = "", _ options: String..., file: StaticString = #filePath,
        line: UInt = #line
    ) throws {
        let tool = try tool()
        try tool.write("t.npy", NPY.file("|u1", [0, 1, 0, 0] as [UInt8]))
        try tool.write("p.csv", text)
        XCTAssertEqual(
            try tool.loss(["p.csv" + column, "t.npy"] + options, file: file, line: line), loss,
            accuracy: 1e-15, file: file, line: line)
    }

    private func assertRefused(
        _ text: String, _ message: String, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let tool = try tool()
        try tool.write("p.csv", text)
        let result = try tool.run("loss", "p.csv:1", "t.csv")
        XCTAssertEqual(result.status, 1, file: file, line: line)
        XCTAssertEqual(result.output, "", file: file, line: line)
        XCTAssertEqual(result.error, "Error: p.csv\(message)\n", file: file, line: line)
    }

    func test_csv_firstRow_isTheHeader() throws {
        for header in ["p", "0.7", "1", "\"\"", "\"a\nb\"", "nan", " "] {
            try assertRead("\(header)\n0.1\n0.95\n0.2\n0.6\n")
        }
    }

    func test_csv_headerOfNumbers_isNoted() throws {
        let tool = try tool()
        try tool.write("p.csv", "0.1,7\n0.95,7\n0.2,7\n0.6,7\n0.6,7\n")
        let result = try tool.run("loss", "p.csv:1", "t.csv")
        XCTAssertEqual(result.status, 0)
        XCTAssertEqual(
            result.error,
            "Note: p.csv: the first row, 0.1, 7, is taken as the header; with --no-header it is read as data\n"
        )
        XCTAssertEqual(try tool.run("loss", "t.csv", "t.csv").error, "")
    }

    func test_csv_noHeader_firstRowCounts() throws {
        let tool = try tool()
        try tool.write("p.csv", "0.1,a\n0.95,b\n0.2,c\n0.6,d\n")
        try tool.write("t1.csv", "0\n1\n0\n0")
        XCTAssertEqual(try tool.loss("p.csv:1", "t1.csv", "--no-header"), loss, accuracy: 1e-15)
        let steps = try tool.run("explain", "p.csv:1", "t1.csv", "--no-header")
        XCTAssertTrue(steps.output.contains(" / 4 = 0.32402202"), steps.output)
        for (column, message) in [
            (":a", "no column \"a\", without a header they are 1 to 2"),
            (":3", "no column \"3\", without a header they are 1 to 2"),
            ("", "2 columns, name one: p.csv:COLUMN"),
            (":2", "line 1, column 2: \"a\" is not a number"),
        ] {
            let result = try tool.run("loss", "p.csv" + column, "t1.csv", "--no-header")
            XCTAssertEqual(result.status, 1)
            XCTAssertTrue(result.error.contains(message), result.error)
        }
    }

    func test_csv_lineEndsMarksAndQuotes_areRead() throws {
        try assertRead("p\r\n0.1\r\n0.95\r\n0.2\r\n0.6\r\n")
        try assertRead("\u{FEFF}p\n0.1\n0.95\n0.2\n0.6")
        try assertRead("\u{FEFF}\"p\"\n0.1\n0.95\n0.2\n0.6", ":p")
        try assertRead("q,\"a \"\"p\"\", b\"\nx,\"0.1\"\n\"y\ny\",0.95\n\"\",0.2\n,0.6\n", ":a \"p\", b")
        try assertRead("p\n 0.1\n0.95\t\n\"\n0.2 \"\n\u{B}6e-1\u{C}\n")
        try assertRead("p\n.1\n+0.95\n2E-1\n60.e-2\n")
    }

    func test_csv_columnNamedLikeANumber_isTakenByName() throws {
        try assertRead("2,1\n0.1,a\n0.95,b\n0.2,c\n0.6,d\n", ":2")
    }

    func test_csv_namesThatOnlyLookAlike_areDifferent() throws {
        // e followed by a combining accent, and the precomposed letter.
        try assertRead("e\u{301},\u{E9}\nx,0.1\nx,0.95\nx,0.2\nx,0.6\n", ":\u{E9}")
    }

    func test_csv_sharedName_isRefusedWithBothNumbers() throws {
        let tool = try tool()
        try tool.write("p.csv", "p,q,p\n0.1,0,1\n0.95,0,1\n0.2,0,1\n0.6,0,1\n")
        let result = try tool.run("loss", "p.csv:p", "t.csv")
        XCTAssertEqual(result.status, 1)
        XCTAssertEqual(
            result.error, "Error: p.csv: columns 1 and 3 are both named \"p\": give a number, p.csv:1\n")
        XCTAssertEqual(try tool.loss("p.csv:1", "t.csv"), loss, accuracy: 1e-15)
    }

    func test_csv_blankLines_areRefused() throws {
        for (text, line) in [
            ("\np\n0.1\n", 1), ("p\n\n0.1\n", 2), ("p\n0.1\n\n", 3), ("p\r\n0.1\r\n\r\n", 3),
            ("p,q\n1,2\n\n3,4\n", 3),
        ] {
            try assertRefused(text, ", line \(line), column 1: a blank line")
        }
    }

    func test_csv_malformedQuotes_areRefusedWithTheirPlace() throws {
        try assertRefused(
            "p\n0.5\"5\n", ", line 2, column 1: a quote in a field that does not begin with one: \"0.5\"\"")
        try assertRefused(
            "p\n \"0.5\"\n", ", line 2, column 1: a quote in a field that does not begin with one: \" \"\"")
        try assertRefused("q,p\n1,\"0.5\"5\n", ", line 2, column 2: text after a closing quote: \"0.5\"5")
        try assertRefused("q,p\n1,\"0.5\" \n", ", line 2, column 2: text after a closing quote: \"0.5\" ")
        try assertRefused("p\n0.5\n\"0.5\n1\n", ", line 3, column 1: a quote that never closes: \"0.5\\n1\\n")
        try assertRefused(
            "p\"\n0.5\n", ", line 1, column 1: a quote in a field that does not begin with one: \"p\"\"")
    }

    func test_csv_otherBytes_areRefusedWithTheirPlace() throws {
        try assertRefused("p\n0.5\0\n", ", line 2, column 1: a NUL byte after \"0.5\"")
        try assertRefused("p\n\"0\0\"\n", ", line 2, column 1: a NUL byte after \"0\"")
        try assertRefused(
            "p\n0.5\r1\n", ", line 2, column 1: a carriage return without a line feed, after \"0.5\"")
        try assertRefused(
            "p\r0.5\r", ", line 1, column 1: a carriage return without a line feed, after \"p\"")
    }

    func test_csv_rowsOfOtherLengths_areRefused() throws {
        try assertRefused("p,q\n1,2\n1\n", ", line 3: 1 columns, expected 2")
        try assertRefused("p,q\n1,2\n1,2,3\n", ", line 3: 3 columns, expected 2")
        try assertRefused("p,q\n\"1\n\",2,\n", ", line 2: 3 columns, expected 2")
    }

    func test_csv_whatIsNoNumber_isRefused() throws {
        for text in [
            "x", "0x1p-1", "nan(1)", "1_000", "1e", "e5", ".", "+-1", "1 2", "1;5",
            "infinit", "\u{661}", "\u{A0}1", "0.5f", "--1", " ", "1d5",
        ] {
            try assertRefused("p\n\(text)\n", ", line 2, column 1: \"\(text)\" is not a number")
        }
        try assertRefused("p,q\n,1\n", ", line 2, column 1: \"\" is not a number")
    }

    func test_csv_numbersBeyondTheRange_areRefused() throws {
        for text in ["1e999", "-1e999", "1.8e308", String(repeating: "9", count: 310)] {
            let shown = text.count > 40 ? text.prefix(40) + "..." : text
            try assertRefused(
                "p\n\(text)\n",
                ", line 2, column 1: \"\(shown)\" is beyond the range of numbers (infinity is written inf)")
        }
    }

    func test_csv_namesOfInfinityAndTinyNumbers_areRead() throws {
        let tool = try tool()
        try tool.write("x.csv", "x\n-inf\nInfinity\n-INFINITY\n1e-999\n")
        XCTAssertEqual(try tool.loss("x.csv", "t.csv", "--logits"), log(2) / 4, accuracy: 1e-16)
        try tool.write("x.csv", "x\n0\nNaN\n0\n0\n")
        let result = try tool.run("loss", "x.csv", "t.csv", "--logits")
        XCTAssertTrue(result.error.contains("logits[1] is nan"), result.error)
    }

    func test_csv_longField_isRefused() throws {
        let long = String(repeating: "0", count: 131_073)
        try assertRefused(
            "p\n\(long)\n",
            ", line 2, column 1: a field longer than 131072 bytes (a quote that never closes?): "
                + "\"\(long.prefix(40))...\"")
        try assertRead("p\n\(long.prefix(131_000))0.1\n0.95\n0.2\n0.6\n")
    }

    func test_csv_manyColumns_messageIsBounded() throws {
        let tool = try tool()
        try tool.write("p.csv", String(repeating: "name,", count: 1 << 16) + "last\n")
        for column in [":none", "", ":name"] {
            let result = try tool.run("loss", "p.csv" + column, "t.csv")
            XCTAssertEqual(result.status, 1)
            XCTAssertLessThan(result.error.count, 300)
        }
        let result = try tool.run("loss", "p.csv:none", "t.csv")
        XCTAssertTrue(result.error.contains("only name, name,"), result.error)
        XCTAssertTrue(result.error.contains("... (65537 columns)"), result.error)
    }

    func test_csv_emptyCell_isAMissingTargetOnly() throws {
        let tool = try tool()
        try tool.write("m.csv", "id,t\n1,0\n2,\n3,\"\"\n4,0\n")
        try tool.write("p.csv", "p\n0.1\n7\n7\n0.6\n")
        let expected = -(log(0.9) + log(0.4)) / 2
        XCTAssertEqual(
            try tool.loss("p.csv", "m.csv:t", "--missing", "nan"), expected, accuracy: 1e-15)
        for arguments in [
            ["p.csv", "m.csv:t"], ["p.csv", "m.csv:t", "--missing", "-1"],
            ["m.csv:t", "t.csv", "--missing", "nan"],
            ["p.csv", "t.csv", "--missing", "nan", "--weights", "m.csv:t"],
        ] {
            let result = try tool.run(["loss"] + arguments)
            XCTAssertEqual(
                result.error, "Error: m.csv, line 3, column 2: \"\" is not a number\n", "\(arguments)")
        }
    }
}

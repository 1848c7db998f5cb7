// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import XCTest

/// The columns of one .csv file or of standard input.
final class TableTests: XCTestCase {
    private let log = """
        country,probability,clicked,weight
        US,0.1,0,1
        "New ""York",0.95,1,2
        DE,0.2,0,1
        US,0.6,0,3

        """
    /// The losses of the tutorial's four examples.
    private let losses = [
        -Foundation.log(0.9), -Foundation.log(0.95), -Foundation.log(0.8), -Foundation.log(0.4),
    ]

    private func tool() throws -> Tool {
        let tool = try Tool()
        try tool.write("log.csv", log)
        return tool
    }

    private var mean: Double { losses.reduce(0, +) / 4 }

    func test_loss_columnsOfOneFile_areRead() throws {
        let tool = try tool()
        XCTAssertEqual(
            try tool.loss("log.csv", "--prediction", "probability", "--target", "clicked"), mean,
            accuracy: 1e-15)
        XCTAssertEqual(try tool.loss("log.csv", "--prediction", "2", "--target", "3"), mean, accuracy: 1e-15)
        XCTAssertEqual(try tool.loss("log.csv:probability", "log.csv:clicked"), mean, accuracy: 1e-15)
        let weighted = zip(losses, [1.0, 2, 1, 3]).reduce(0) { $0 + $1.0 * $1.1 }
        XCTAssertEqual(
            try tool.loss("log.csv", "--prediction", "2", "--target", "3", "--weight", "weight"),
            weighted / 4,
            accuracy: 1e-15)
        XCTAssertEqual(
            try tool.loss(
                "log.csv", "--prediction", "2", "--target", "3", "--weight", "4", "--reduction",
                "weighted-mean"),
            weighted / 7, accuracy: 1e-15)
    }

    func test_loss_standardInput_givesTheSame() throws {
        let tool = try tool()
        let fromFile = try tool.run(
            "loss", "log.csv", "--prediction", "probability", "--target", "clicked", "--json")
        let fromPipe = try tool.shell(
            "cat log.csv | \"$BCE\" loss - --prediction probability --target clicked --json")
        XCTAssertEqual(fromPipe.output, fromFile.output)
        let slowly = try tool.shell(
            "(head -c 50 log.csv; sleep 0.2; tail -c +51 log.csv) | \"$BCE\" loss - --prediction 2 --target 3 --json"
        )
        XCTAssertEqual(slowly.output, fromFile.output)
        let closed = try tool.shell("exec \"$BCE\" loss - --prediction 2 --target 3 <&-")
        XCTAssertEqual(closed.status, 1)
        XCTAssertTrue(closed.error.hasPrefix("Error: standard input: "), closed.error)
        let empty = try tool.shell("exec \"$BCE\" loss - --prediction 2 --target 3 < /dev/null")
        XCTAssertEqual(empty.error, "Error: standard input: the file is empty\n")
    }

    func test_loss_otherDelimiters_areRead() throws {
        let tool = try tool()
        try tool.write("log.tsv", "p\tt\n0.1\t0\n0.95\t1\n0.2\t0\n0.6\t0\n")
        try tool.write("semicolon.csv", "p;t\n0.1;0\n0.95;1\n0.2;0\n0.6;0\n")
        XCTAssertEqual(try tool.loss("log.tsv", "--prediction", "p", "--target", "t"), mean, accuracy: 1e-15)
        XCTAssertEqual(try tool.loss("log.tsv:p", "log.tsv:t"), mean, accuracy: 1e-15)
        XCTAssertEqual(
            try tool.loss("semicolon.csv", "--prediction", "p", "--target", "t", "--delimiter", ";"), mean,
            accuracy: 1e-15)
        let piped = try tool.shell("\"$BCE\" loss - --prediction p --target t --delimiter tab < log.tsv")
        XCTAssertEqual(try XCTUnwrap(Double(piped.output.dropLast())), mean, accuracy: 1e-15)
        for delimiter in ["", "ab", "\"", "é", ".", "-", "+", "5", "e"] {
            let result = try tool.run(
                "loss", "log.csv", "--prediction", "2", "--target", "3", "--delimiter", delimiter)
            XCTAssertNotEqual(result.status, 0, delimiter)
        }
    }

    func test_loss_booleanTargets_areRead() throws {
        let tool = try tool()
        try tool.write("b.csv", "p,t\n0.1,false\n0.95,true\n0.2,False\n0.6,FALSE\n")
        XCTAssertEqual(try tool.loss("b.csv:p", "b.csv:t"), mean, accuracy: 1e-15)
        try tool.write("b.csv", "p,t\n0.1,0\ntrue,1\n")
        let result = try tool.run("loss", "b.csv:p", "b.csv:t")
        XCTAssertEqual(result.error, "Error: b.csv, line 3, column 1: \"true\" is not a number\n")
    }

    func test_loss_valueOutOfDomain_namesLineColumnAndText() throws {
        let tool = try tool()
        try tool.write("bad.csv", "k,p,t\n\"a\nb\",0.5,1\nc,1.50,0\nd,0.5,-1\n")
        let expected =
            "Error: probabilities[1] is 1.5, expected a number in [0, 1] (bad.csv, line 4, column 2: \"1.50\")\n"
        XCTAssertEqual(try tool.run("loss", "bad.csv", "--prediction", "p", "--target", "t").error, expected)
        // Two files, so that the numbers are checked when the text has been read.
        try tool.write("t.npy", NPY.file("|u1", [1, 0, 0] as [UInt8]))
        XCTAssertEqual(try tool.run("loss", "bad.csv:p", "t.npy").error, expected)
        try tool.write("bad.csv", "p,t\n0.5,1\n0.5,2\n")
        XCTAssertEqual(
            try tool.run("loss", "bad.csv", "--prediction", "p", "--target", "t").error,
            "Error: targets[1] is 2.0, expected a number in [0, 1] (bad.csv, line 3, column 2: \"2\")\n")
        try tool.write("bad.csv", "p,t,w\n0.5,1,1\n0.5,0,-1\n")
        XCTAssertEqual(
            try tool.run("loss", "bad.csv", "--prediction", "p", "--target", "t", "--weight", "w").error,
            "Error: weights[1] is -1.0, expected a finite number of at least 0 (bad.csv, line 3, column 3: \"-1\")\n"
        )
    }

    func test_loss_missingTargets_doNotCount() throws {
        let tool = try tool()
        try tool.write("m.csv", "p,t\n0.1,0\n7,\n0.95,1\n-3,nan\n0.2,0\n0.6,0\n")
        let arguments = ["m.csv", "--prediction", "p", "--target", "t"]
        XCTAssertEqual(try tool.loss(arguments + ["--missing", "nan"]), mean, accuracy: 1e-15)
        XCTAssertEqual(
            try tool.run(["loss"] + arguments).error,
            "Error: m.csv, line 3, column 2: \"\" is not a number\n")
        XCTAssertEqual(
            try tool.run(["loss"] + arguments + ["--missing", "-1"]).error,
            "Error: m.csv, line 3, column 2: \"\" is not a number\n")
    }

    func test_loss_derivativesOfColumns_areThoseOfFiles() throws {
        let tool = try tool()
        try tool.write("p.npy", NPY.file("<f8", [0.1, 0.95, 0.2, 0.6]))
        try tool.write("t.npy", NPY.file("<f8", [0.0, 1, 0, 0]))
        XCTAssertEqual(try tool.run("loss", "p.npy", "t.npy", "--gradient-to", "g.npy").status, 0)
        for command in ["loss log.csv", "loss - < log.csv"] {
            let result = try tool.shell(
                "exec \"$BCE\" \(command) --prediction 2 --target 3 --gradient-to h.npy --elements-to e.npy")
            XCTAssertEqual(result.status, 0, result.error)
            XCTAssertEqual(try tool.read("h.npy"), try tool.read("g.npy"))
            for (element, loss) in zip(try tool.elements(of: "e.npy", Double.self, count: 4), losses) {
                XCTAssertEqual(element, loss, accuracy: 1e-15)
            }
        }
    }

    /// Rows of every length around the size of a block, quotes with line feeds in them, and more blocks than threads.
    func test_loss_manyBlocks_giveTheSameForAnyNumberOfThreads() throws {
        let tool = try tool()
        var text = "k,p,t\n"
        for index in 0..<60_000 {
            let name =
                index % 7 == 0 ? "\"\(String(repeating: "x\n", count: index % 50))\"" : "k\(index % 100)"
            text += "\(name),0.\(1 + index % 9),\(index % 2)\n"
        }
        try tool.write("many.csv", text)
        let arguments = ["loss", "many.csv", "--prediction", "p", "--target", "t"]
        let one = try tool.run(arguments + ["--threads", "1"])
        XCTAssertEqual(one.status, 0, one.error)
        XCTAssertEqual(try tool.run(arguments + ["--threads", "2"]).output, one.output)
        XCTAssertEqual(try tool.run(arguments + ["--threads", "7"]).output, one.output)
        // Nine predictions with two targets are repeated, 60,000 times in all.
        let expected = (0..<18).reduce(0.0) { sum, index in
            let p = Double(1 + index % 9) / 10
            let count = 60_000 / 18 + (index < 60_000 % 18 ? 1 : 0)
            return sum - Double(count) * Foundation.log(index % 2 == 1 ? p : 1 - p)
        }
        XCTAssertEqual(try XCTUnwrap(Double(one.output.dropLast())), expected / 60_000, accuracy: 1e-13)
        // The first mistake is reported, whichever thread finds one first, with the number of its line.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        try tool.write("many.csv", text + "a,2,1\n" + text.dropFirst(6) + "a,b,c\n")
        for threads in ["1", "2", "7"] {
            let result = try tool.run(arguments + ["--threads", threads])
            XCTAssertEqual(
                result.error,
                "Error: probabilities[60000] is 2.0, expected a number in [0, 1] (many.csv, line \(lines), column 2: "
                    + "\"2\")\n")
        }
    }

    func test_loss_numbersOfManyDigits_areTheNearestDoubles() throws {
        let tool = try tool()
        // The first ones are multiples of 2^64, so that their digits overflow to 0 as 64-bit integers.
        for (text, value) in [
            ("18446744073709551616", 0x1p64), ("-18446744073709551616.5", -0x1p64),
            ("18446744073709551616e-20", 0.18446744073709551616),
            ("1" + String(repeating: "0", count: 64), 1e64),
            ("0000000000000000000000000000000000000000.5", 0.5), ("\"0.25\"", 0.25), ("\"1e3\"", 1000),
        ] {
            try tool.write("d.csv", "p,t\n\(text),0\n")
            let loss = try tool.loss("d.csv", "--prediction", "p", "--target", "t", "--logits")
            let expected = max(value, 0) + log1p(exp(-abs(value)))
            XCTAssertEqual(loss, expected, accuracy: 1e-14 * expected, text)
        }
    }

    /// A row beyond the limit is an error, wherever it is and whatever it consists of.
    func test_loss_rowBeyondTheLimit_isRefused() throws {
        let tool = try tool()
        let long = String(repeating: "x,", count: 1 << 23)
        for (before, columns) in [("", 3), ("p,t,k\n0.5,1,\n", 3), ("p,t,k\n0.5,1,\n", 1 << 23)] {
            try tool.write("long.csv", before + long + "0.5,1\n0.5,1,1\n")
            let result = try tool.run("loss", "long.csv", "--prediction", "1", "--target", "2", "--no-header")
            XCTAssertEqual(result.status, 1, "\(columns)")
            XCTAssertEqual(result.output, "")
        }
        try tool.write("long.csv", "p,t,k\n0.5,1,\n0.5,1," + String(repeating: "x,", count: 1 << 23) + "\n")
        XCTAssertTrue(
            try tool.run("loss", "long.csv", "--prediction", "p", "--target", "t").error
                .contains("line 3, column"))
    }

    func test_loss_longFieldThatIsNotRead_isRefused() throws {
        let tool = try tool()
        let long = String(repeating: "x", count: 131_073)
        for row in ["0.5,\(long),1", "\(long),0.5,1", "0.5,1,\(long)"] {
            let header = row.hasPrefix("0.5,1") ? "p,t,a" : row.hasPrefix("0.5") ? "p,a,t" : "a,p,t"
            try tool.write("long.csv", "\(header)\n\(row)\n")
            let result = try tool.run("loss", "long.csv", "--prediction", "p", "--target", "t")
            XCTAssertTrue(result.error.contains("a field longer than 131072 bytes"), result.error)
        }
    }

    /// A thread that has read a long row must not read other blocks than a thread that has not.
    func test_loss_longRow_doesNotMakeResultsDependOnThreads() throws {
        let tool = try tool()
        var random = SplitMix64(seed: 8)
        var text = "p,t,a,b,c\n"
        for index in 0..<100_000 {
            let filler = index == 5_000 ? String(repeating: "y", count: 120_000) : ""
            text += "\(random.unit()),\(random.below(2)),\(filler),\(filler),\(filler)\n"
        }
        try tool.write("long.csv", text)
        let arguments = ["evaluate", "long.csv", "--prediction", "p", "--target", "t", "--json"]
        let one = try tool.run(arguments + ["--threads", "1"])
        XCTAssertEqual(one.status, 0, one.error)
        for _ in 0..<3 { XCTAssertEqual(try tool.run(arguments + ["--threads", "5"]).output, one.output) }
    }

    func test_loss_strangePathsWithColumns_areRead() throws {
        let tool = try tool()
        for script in [
            "f=$(printf 'a\\377b.csv'); cp log.csv \"$f\"; \"$BCE\" loss \"$f:probability\" \"$f:clicked\"",
            "cp log.csv log.csv:2; \"$BCE\" loss log.csv:2 --prediction 2 --target 3",
        ] {
            let result = try tool.shell(script)
            XCTAssertEqual(
                try XCTUnwrap(Double(result.output.dropLast()), result.error), mean, accuracy: 1e-15)
        }
    }

    func test_loss_outputThatIsStandardInput_isRefused() throws {
        let tool = try tool()
        let before = try tool.contents()
        let result = try tool.shell(
            "exec \"$BCE\" loss - --prediction 2 --target 3 --elements-to log.csv < log.csv")
        XCTAssertNotEqual(result.status, 0)
        XCTAssertTrue(result.error.contains("must be different files"), result.error)
        XCTAssertEqual(try tool.contents(), before)
    }

    func test_loss_filesOfOtherKinds_areRefusedWithAWayAround() throws {
        let tool = try tool()
        for name in ["log.parquet", "log.arrow", "log.parquet:p"] {
            let result = try tool.run("loss", name, name)
            XCTAssertEqual(result.status, 1)
            XCTAssertTrue(result.error.contains("duckdb"), result.error)
        }
        let result = try tool.run("loss", "log.csv.gz", "--prediction", "p", "--target", "t")
        XCTAssertTrue(result.error.contains("zcat"), result.error)
    }

    func test_loss_optionsThatDoNotGoTogether_areRefused() throws {
        let tool = try tool()
        for arguments in [
            ["log.csv"], ["log.csv", "--prediction", "2"], ["log.csv", "--target", "2"],
            ["log.csv", "log.csv", "--prediction", "2", "--target", "3"],
            ["log.csv", "--prediction", "2", "--target", "3", "--mask", "m.npy"],
            ["log.csv", "--prediction", "2", "--target", "3", "--by-row"],
            ["log.csv", "--prediction", "2", "--target", "3", "--positive-weight", "w.npy"],
            ["log.csv:2", "log.csv:3", "--by", "1"], ["-", "t.npy"],
        ] {
            let result = try tool.run(["loss"] + arguments)
            XCTAssertNotEqual(result.status, 0, "\(arguments)")
            XCTAssertEqual(result.output, "", "\(arguments)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// `bce evaluate`, the numbers of which are tested with the library; scripts compare them with scikit-learn's.
final class EvaluateTests: XCTestCase {
    private func tool() throws -> Tool {
        let tool = try Tool()
        try tool.write("log.csv", "k,p,t\na,0.1,0\na,0.95,1\nb,0.2,0\nb,0.6,0\n")
        try tool.write("p.npy", NPY.file("<f8", [0.1, 0.95, 0.2, 0.6]))
        try tool.write("t.npy", NPY.file("|b1", [0, 1, 0, 0] as [UInt8]))
        return tool
    }

    private func evaluation(_ tool: Tool, _ arguments: String...) throws -> [String: Any] {
        let result = try tool.run(["evaluate"] + arguments + ["--json"])
        XCTAssertEqual(result.status, 0, result.error)
        return try XCTUnwrap(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    /// The tutorial's four examples, by hand.
    func test_evaluate_fourExamples_haveTheMeasuresOfTheirDefinitions() throws {
        let tool = try tool()
        let loss = -(log(0.9) + log(0.95) + log(0.8) + log(0.4)) / 4
        let entropy = -(0.25 * log(0.25) + 0.75 * log(0.75))
        let expected = [
            "count": 4, "weightSum": 4, "logLoss": loss, "normalizedEntropy": loss / entropy,
            "brierScore": (0.01 + 0.0025 + 0.04 + 0.36) / 4, "baseRate": 0.25, "meanPrediction": 1.85 / 4,
            "calibrationRatio": 1.85, "areaUnderROC": 1, "areaUnderROCError": 0,
            "expectedCalibrationError": (0.1 + 0.05 + 0.2 + 0.6) / 4,
        ]
        for arguments in [["log.csv", "--prediction", "p", "--target", "t"], ["p.npy", "t.npy"]] {
            let result = try tool.run(["evaluate"] + arguments + ["--json"])
            let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            for (name, value) in expected {
                XCTAssertEqual(
                    try XCTUnwrap(json?[name] as? Double, name), value, accuracy: 1e-12,
                    "\(name), \(arguments)")
            }
        }
    }

    func test_evaluate_weightsOfZeroAndInfiniteLosses_areNotNumbersOnlyWhereNothingIsKnown() throws {
        let tool = try tool()
        try tool.write("w.csv", "p,t,w\n.55,1,0\n.1,1,1\n.2,0,2\n.9,1,1\n")
        let json = try evaluation(tool, "w.csv", "--prediction", "p", "--target", "t", "--weight", "w")
        let distances = (0.9 + 2 * 0.2 + 0.1) / 4
        XCTAssertEqual(
            try XCTUnwrap(json["expectedCalibrationError"] as? Double), distances, accuracy: 1e-15)
        try tool.write("i.csv", "p,t\n0,1\n.2,0\n")
        let infinite = try evaluation(tool, "i.csv", "--prediction", "p", "--target", "t")
        XCTAssertEqual(infinite["logLoss"] as? String, "Infinity")
        XCTAssertEqual(infinite["standardError"] as? String, "NaN")
        let text = try tool.run("evaluate", "i.csv", "--prediction", "p", "--target", "t").output
        XCTAssertFalse(text.contains("-nan"), text)
    }

    func test_evaluate_byGroup_listsTheGroups() throws {
        let json = try evaluation(tool(), "log.csv", "--prediction", "p", "--target", "t", "--by", "k")
        let groups = try XCTUnwrap(json["groups"] as? [[String: Any]])
        XCTAssertEqual(groups.compactMap { $0["group"] as? String }, ["b", "a"])
        XCTAssertEqual(
            try XCTUnwrap(groups[0]["loss"] as? Double), -(log(0.8) + log(0.4)) / 2, accuracy: 1e-15)
    }

    func test_evaluate_text_isAlignedAndComplete() throws {
        let result = try tool().run("evaluate", "p.npy", "t.npy", "--bins", "2")
        XCTAssertEqual(result.status, 0, result.error)
        let lines = result.output.split(separator: "\n")
        for name in [
            "rows", "log loss", "normalized entropy", "Brier score", "calibration error", "area under ROC",
        ] {
            XCTAssertTrue(lines.contains { $0.hasPrefix(name) }, name)
        }
        let table = lines.suffix(3)
        XCTAssertEqual(Set(table.map(\.count)).count, 1, result.output)
        XCTAssertTrue(
            table.last!.hasPrefix("0.500 to 1.000     2         0.775000     0.500000"), result.output)
    }

    func test_evaluate_badArguments_areRefused() throws {
        let tool = try tool()
        let before = try tool.contents()
        for (arguments, word) in [
            (["--bins", "0"], "--bins is 0"), (["--bins", "1001"], "--bins is 1001"),
            (["--plot", "p.npy"], "must be different files"), (["--top", "3"], "--by is missing"),
            (["--plot", "none/x.svg"], "none/x.svg"),
        ] {
            let result = try tool.run(["evaluate", "p.npy", "t.npy"] + arguments)
            XCTAssertNotEqual(result.status, 0, "\(arguments)")
            XCTAssertTrue(result.error.contains(word), result.error)
        }
        XCTAssertEqual(try tool.contents(), before)
    }

    /// A picture is written when all is computed: a mistake in the last row leaves the old one.
    func test_evaluate_mistakeInTheLastRow_leavesTheOldPicture() throws {
        let tool = try tool()
        try tool.write("old.svg", "old")
        try tool.write("bad.csv", "p,t\n0.1,0\n0.95,x\n")
        let before = try tool.contents()
        let result = try tool.run(
            "evaluate", "bad.csv", "--prediction", "p", "--target", "t", "--plot", "old.svg")
        XCTAssertEqual(result.error, "Error: bad.csv, line 3, column 2: \"x\" is not a number\n")
        XCTAssertEqual(try tool.contents(), before)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// `bce pairwise`, and `--by-column`.
final class PairwiseTests: XCTestCase {
    /// Two rows of predictions and three of targets, three columns.
    private static let logits = [0.5, -1, 2, 3, 0.25, -2]
    private static let targets = [1.0, 0, 1, 0, 0.5, 0, 1, 1, 1]

    private func tool(_ type: String = "<f8") throws -> Tool {
        let tool = try Tool()
        let data =
            type == "<f4"
            ? NPY.file(type, Self.logits.map { Float($0) }, shape: "(2, 3)")
            : NPY.file(type, Self.logits, shape: "(2, 3)")
        try tool.write("x.npy", data)
        try tool.write("p.npy", NPY.file("<f8", Self.logits.map { 1 / (1 + exp(-$0)) }, shape: "(2, 3)"))
        try tool.write("t.npy", NPY.file("<f8", Self.targets, shape: "(3, 3)"))
        return tool
    }

    private static func sum(_ row: Int, _ target: Int) -> Double {
        (0..<3).reduce(0) { sum, column in
            let (x, t) = (logits[row * 3 + column], targets[target * 3 + column])
            return sum + t * log1p(exp(-x)) + (1 - t) * log1p(exp(x))
        }
    }

    private static let sums = [0, 1].flatMap { row in [0, 1, 2].map { sum(row, $0) } }

    func test_pairwise_logitsAndProbabilities_writeTheMatrix() throws {
        for (type, tolerance) in [("<f8", 1e-14), ("<f4", 1e-6)] {
            let tool = try tool(type)
            let result = try tool.run(
                "pairwise", "x.npy", "t.npy", "--logits", "--reduction", "sum", "--out", "m.npy")
            XCTAssertEqual(result.status, 0, result.error)
            let losses =
                type == "<f4"
                ? try tool.elements(of: "m.npy", Float.self, count: 6).map { Double($0) }
                : try tool.elements(of: "m.npy", Double.self, count: 6)
            for (loss, expected) in zip(losses, Self.sums) {
                XCTAssertEqual(loss, expected, accuracy: tolerance)
            }
            let header = String(decoding: try tool.read("m.npy").prefix(128), as: UTF8.self)
            XCTAssert(header.contains("'\(type)'") && header.contains("(2, 3)"), header)
        }
        let tool = try tool()
        XCTAssertEqual(try tool.run("pairwise", "p.npy", "t.npy", "--out", "m.npy").status, 0)
        for (loss, sum) in zip(try tool.elements(of: "m.npy", Double.self, count: 6), Self.sums) {
            XCTAssertEqual(loss, sum / 3, accuracy: 1e-14)
        }
    }

    func test_pairwise_missingValueAsTheFileHasIt_doesNotCount() throws {
        let tool = try tool()
        // -0.1 as a Float is a different number from -0.1 as a Double.
        try tool.write("t.npy", NPY.file("<f4", [1, -0.1, 1] as [Float], shape: "(1, 3)"))
        let result = try tool.run(
            "pairwise", "x.npy", "t.npy", "--logits", "--missing", "-0.1", "--out", "m.npy")
        XCTAssertEqual(result.status, 0, result.error)
        let losses = try tool.elements(of: "m.npy", Double.self, count: 2)
        XCTAssertEqual(losses[0], (log1p(exp(-0.5)) + log1p(exp(-2))) / 2, accuracy: 1e-14)
        XCTAssertEqual(losses[1], (log1p(exp(-3)) + log1p(exp(2))) / 2, accuracy: 1e-14)
    }

    func test_pairwise_badInput_isNamedAndNothingIsLost() throws {
        let tool = try tool()
        try tool.write("m.npy", "precious")
        try tool.write("narrow.npy", NPY.file("<f8", [1.0, 0], shape: "(1, 2)"))
        try tool.write("flat.npy", NPY.file("<f8", [1.0, 0, 1]))
        try tool.write("wrong.npy", NPY.file("<f8", [1.0, 0, 1.5], shape: "(1, 3)"))
        try tool.write("w.npy", NPY.file("<f8", [1.0, 2, 3], shape: "(1, 3)"))
        for (arguments, words) in [
            (["x.npy", "narrow.npy"], ["targets (narrow.npy)", "2", "3"]),
            (["x.npy", "flat.npy"], ["targets (flat.npy)", "[3]"]),
            (["x.npy", "wrong.npy", "--logits"], ["targets[2]", "1.5"]),
            (["x.npy", "t.npy"], ["probabilities[1]", "-1.0"]),
            (["x.npy", "t.npy", "--logits", "--positive-weight", "w.npy"], ["--positive-weight"]),
        ] {
            let result = try tool.run(["pairwise"] + arguments + ["--out", "m.npy"])
            XCTAssertNotEqual(result.status, 0, "\(arguments)")
            for word in words { XCTAssert(result.error.contains(word), result.error) }
            XCTAssertEqual(try tool.read("m.npy"), Data("precious".utf8))
        }
    }

    func test_byColumn_everyReduction_isThatOfTheColumn() throws {
        let tool = try Tool()
        try Matrix.write(to: tool)
        func columns(_ arguments: String...) throws -> [Double] {
            let result = try tool.run(["loss"] + arguments + ["--by-column"])
            XCTAssertEqual(result.status, 0, result.error)
            return result.output.split(separator: "\n").map { Double($0) ?? .signalingNaN }
        }
        let losses = Matrix.losses
        let sums: [Double] = [losses[0] + losses[2] + losses[4], losses[1] + losses[3] + losses[5]]
        let means = try columns("p.npy", "t.npy")
        let all = try columns("x.npy", "t.npy", "--logits", "--reduction", "sum")
        XCTAssertEqual([means.count, all.count], [2, 2])
        for index in [0, 1] {
            XCTAssertEqual(means[index], sums[index] / 3, accuracy: 1e-14)
            XCTAssertEqual(all[index], sums[index], accuracy: 1e-14)
        }
        let object = try tool.json("p.npy", "t.npy", "--by-column")
        XCTAssertEqual((object["columnLosses"] as? [Any])?.count, 2)
        XCTAssertNil(object["rowLosses"])
        let both = try tool.run("loss", "p.npy", "t.npy", "--by-row", "--by-column")
        XCTAssertNotEqual(both.status, 0)
        XCTAssert(both.error.contains("--by-column"), both.error)
    }
}

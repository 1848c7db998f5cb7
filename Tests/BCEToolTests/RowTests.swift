// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// `--by-row` prints one loss per row.
final class RowTests: XCTestCase {
    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    private func rows(_ tool: Tool, _ arguments: String...) throws -> [Double] {
        let result = try tool.run(["loss"] + arguments + ["--by-row"])
        XCTAssertEqual(result.status, 0, result.error)
        return result.output.split(separator: "\n").map { Double($0) ?? .signalingNaN }
    }

    private func assertRows(_ rows: [Double], _ expected: [Double], line: UInt = #line) {
        XCTAssertEqual(rows.count, expected.count, line: line)
        for (row, expected) in zip(rows, expected) {
            XCTAssertEqual(row, expected, accuracy: 1e-14, line: line)
        }
    }

    func test_byRow_everyReduction_isThatOfTheRow() throws {
        let tool = try tool()
        let sums = [0, 2, 4].map { Matrix.losses[$0] + Matrix.losses[$0 + 1] }
        assertRows(try rows(tool, "p.npy", "t.npy"), sums.map { $0 / 2 })
        assertRows(try rows(tool, "x.npy", "t.npy", "--logits", "--reduction", "sum"), sums)
        try tool.write("w.npy", NPY.file("<f8", [1.0, 3], shape: "(1, 2)"))
        let weighted = [0, 2, 4].map { (Matrix.losses[$0] + 3 * Matrix.losses[$0 + 1]) / 4 }
        assertRows(
            try rows(tool, "p.npy", "t.npy", "--weights", "w.npy", "--reduction", "weighted-mean"), weighted)
    }

    func test_byRow_mask_dividesByWhatCountsInTheRow() throws {
        let tool = try tool()
        try tool.write(
            "m.npy", NPY.file("|b1", [true, false, true, true, false, false], shape: Matrix.shape))
        let printed = try rows(tool, "p.npy", "t.npy", "--mask", "m.npy")
        XCTAssertTrue(printed[2].isNaN)
        assertRows(
            Array(printed[..<2]), [Matrix.losses[0], (Matrix.losses[2] + Matrix.losses[3]) / 2])
    }

    func test_byRow_json_isAnArrayBesideTheLossOfAll() throws {
        let tool = try tool()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0, 1], shape: "(2, 2)"))
        try tool.write("t.npy", NPY.file("<f8", [1.0, 0, 1, 1], shape: "(2, 2)"))
        let object = try tool.json("p.npy", "t.npy", "--by-row")
        let rows = try XCTUnwrap(object["rowLosses"] as? [Any])
        XCTAssertEqual(rows.count, 2)
        XCTAssertEqual(try XCTUnwrap(rows[0] as? Double), log(2), accuracy: 1e-15)
        XCTAssertEqual(rows[1] as? String, "Infinity")
        XCTAssertEqual(object["loss"] as? String, "Infinity")
        XCTAssertNil(try tool.json("p.npy", "t.npy")["rowLosses"])
    }

    func test_byRow_elementsTo_writesElements() throws {
        let tool = try tool()
        let printed = try rows(tool, "p.npy", "t.npy", "--elements-to", "e.npy")
        let elements = try tool.elements(of: "e.npy", Double.self, count: 6)
        assertRows(printed, [0, 2, 4].map { (elements[$0] + elements[$0 + 1]) / 2 })
    }

    func test_byRow_manyRows_areInOrder() throws {
        let tool = try Tool()
        // More than one piece. Each of the three elements of row r has loss ln 2 if r is odd, and 2 ln 2 otherwise.
        let (rows, columns) = (1 << 21, 3)
        let p = (0..<rows * columns).map { $0 / columns % 2 == 1 ? 0.5 : 0.25 as Float }
        try tool.write("p.npy", NPY.file("<f4", p, shape: "(\(rows), \(columns))"))
        try tool.write(
            "t.npy", NPY.file("|u1", [UInt8](repeating: 1, count: p.count), shape: "(\(rows), \(columns))"))
        let printed = try self.rows(tool, "p.npy", "t.npy", "--reduction", "sum")
        guard printed.count == rows else { return XCTFail("\(printed.count) lines") }
        for row in [0, 1, 2, rows / 2, rows / 2 + 1, rows - 2, rows - 1] {
            XCTAssertEqual(printed[row], (row % 2 == 1 ? 3 : 6) * log(2), accuracy: 1e-6)
        }
    }

    func test_rowsLongerThanAPiece_areOneRowEach() throws {
        let tool = try Tool()
        let columns = 1 << 22 | 3
        // In Double, whose documented accuracy of 1e-14 of the sum reveals a single omitted element.
        var p = [Double](repeating: 0.5, count: 2 * columns)
        p[2 * columns - 1] = 0.25
        try tool.write("p.npy", NPY.file("<f8", p, shape: "(2, \(columns))"))
        try tool.write(
            "t.npy", NPY.file("|u1", [UInt8](repeating: 1, count: p.count), shape: "(2, \(columns))"))
        try tool.write("w.npy", NPY.file("<f8", [1.0, 3]))
        var byColumn = [Float](repeating: 1, count: columns)
        byColumn[columns - 1] = 5
        try tool.write("v.npy", NPY.file("<f4", byColumn, shape: "(1, \(columns))"))
        let unit = log(2.0)
        let all = Double(columns)
        XCTAssertEqual(
            try tool.loss("p.npy", "t.npy", "--weights", "w.npy", "--reduction", "sum"),
            unit * (all + 3 * (all + 1)), accuracy: 1.2e-7)
        for argument in ["--weights", "--positive-weight"] {
            XCTAssertEqual(
                try tool.loss("p.npy", "t.npy", argument, "v.npy", "--reduction", "sum"),
                unit * ((all + 4) + (all + 4 + 5)), accuracy: 1.2e-7, argument)
        }
        let printed = try rows(tool, "p.npy", "t.npy", "--weights", "w.npy", "--reduction", "sum")
        XCTAssertEqual(printed[0], unit * all, accuracy: 1.2e-7)
        XCTAssertEqual(printed[1], unit * 3 * (all + 1), accuracy: 1.2e-7)
    }
}

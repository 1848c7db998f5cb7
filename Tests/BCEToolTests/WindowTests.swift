// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Files of many windows, and rows longer than a window, give the same results as if everything were computed at once.
final class WindowTests: XCTestCase {
    /// Predictions and targets of rows x columns from a fixed sequence, and their losses computed from the formula.
    private struct Problem {
        let rows: Int
        let columns: Int
        let p: [Double]
        let t: [UInt8]

        init(_ rows: Int, _ columns: Int) {
            (self.rows, self.columns) = (rows, columns)
            var state: UInt64 = 1
            func next() -> Double {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (Double(state >> 33) + 0.5) * 0x1p-31
            }
            p = (0..<rows * columns).map { _ in next() }
            t = (0..<rows * columns).map { _ in next() < 0.5 ? 1 : 0 }
        }

        func write(to tool: Tool) throws {
            try tool.write("p.npy", NPY.file("<f8", p, shape: "(\(rows), \(columns))"))
            try tool.write("t.npy", NPY.file("|b1", t, shape: "(\(rows), \(columns))"))
        }

        func loss(_ index: Int) -> Double { -log(t[index] == 1 ? p[index] : 1 - p[index]) }

        func row(_ row: Int) -> [Double] { (0..<columns).map { loss(row * columns + $0) } }

        func column(_ column: Int) -> [Double] { (0..<rows).map { loss($0 * columns + column) } }
    }

    private func lines(_ tool: Tool, _ arguments: String...) throws -> [Double] {
        let result = try tool.run(["loss", "p.npy", "t.npy"] + arguments)
        XCTAssertEqual(result.status, 0, result.error)
        return result.output.split(separator: "\n").map { Double($0) ?? .signalingNaN }
    }

    private func assertEqual(_ values: [Double], _ expected: [Double], line: UInt = #line) {
        XCTAssertEqual(values.count, expected.count, line: line)
        // n roundings in the sum computed by this test, and the library's own 1e-14.
        for (value, expected) in zip(values, expected) {
            XCTAssertEqual(value, expected, accuracy: abs(expected) * 1e-12, line: line)
        }
    }

    func test_rowsLongerThanAWindow_everyReduction() throws {
        let problem = Problem(5, 150_001)
        let tool = try Tool()
        try problem.write(to: tool)
        let rows = (0..<problem.rows).map { problem.row($0).sum }
        assertEqual(try lines(tool, "--by-row"), rows.map { $0 / 150_001 })
        assertEqual(try lines(tool, "--by-row", "--reduction", "sum", "--threads", "1"), rows)
        assertEqual(try lines(tool), [rows.sum / 750_005])
        let (byRow, byColumn) = ([1.0, 2, 0.5, 4, 3], (0..<problem.columns).map { Double(1 + $0 % 3) })
        try tool.write("r.npy", NPY.file("<f8", byRow))
        try tool.write("c.npy", NPY.file("<f8", byColumn, shape: "(1, 150001)"))
        assertEqual(
            try lines(tool, "--by-row", "--weights", "r.npy"), zip(rows, byRow).map { $0 * $1 / 150_001 })
        let weighted = (0..<problem.rows).map { row in
            zip(problem.row(row), byColumn).map { $0 * $1 }.sum
        }
        assertEqual(
            try lines(tool, "--by-row", "--weights", "c.npy", "--reduction", "weighted-mean"),
            weighted.map { $0 / byColumn.sum })
        assertEqual(
            try lines(tool, "--weights", "c.npy", "--reduction", "weighted-mean"),
            [weighted.sum / byColumn.sum / 5])
    }

    func test_columnsOfManyWindows_areThoseOfAllRows() throws {
        // Rows that are cut, one row per window, and many rows per window.
        for (rows, columns) in [(3, 150_001), (12, 50_000), (120_000, 7)] {
            let problem = Problem(rows, columns)
            let tool = try Tool()
            try problem.write(to: tool)
            let printed = try lines(tool, "--by-column")
            assertEqual(printed, (0..<columns).map { problem.column($0).mean })
            XCTAssertEqual(try lines(tool, "--by-column", "--threads", "1"), printed)
        }
    }

    func test_reportOfManyWindows_isThatOfAll() throws {
        let problem = Problem(900, 700)
        let tool = try Tool()
        try problem.write(to: tool)
        let losses = problem.p.indices.map { problem.loss($0) }
        let count = Double(losses.count)
        let mean = losses.mean
        let error = (losses.map { ($0 - mean) * ($0 - mean) }.sum / (count - 1) / count).squareRoot()
        let report = try tool.json("p.npy", "t.npy", "--report")
        XCTAssertEqual(report["count"] as? Int, losses.count)
        XCTAssertEqual(report["ignoredCount"] as? Int, 0)
        XCTAssertEqual(report["weightSum"] as? Double, count)
        XCTAssertEqual(try XCTUnwrap(report["loss"] as? Double), mean, accuracy: 1e-12)
        XCTAssertEqual(try XCTUnwrap(report["standardError"] as? Double), error, accuracy: error * 1e-10)
    }

    func test_maskOfRows_isSpreadOverWindows() throws {
        let problem = Problem(9, 40_000)
        let tool = try Tool()
        try problem.write(to: tool)
        let mask: [UInt8] = [1, 0, 0, 1, 1, 0, 1, 0, 1]
        try tool.write("m.npy", NPY.file("|u1", mask))
        let kept = (0..<9).filter { mask[$0] == 1 }.map { problem.row($0).mean }
        assertEqual(try lines(tool, "--mask", "m.npy"), [kept.mean])
    }

    func test_gradientOfManyWindows_isWrittenInItsPlaces() throws {
        let problem = Problem(1, 700_000)
        let tool = try Tool()
        try problem.write(to: tool)
        _ = try lines(tool, "--reduction", "sum", "--gradient-to", "g.npy", "--elements-to", "e.npy")
        let gradient = try tool.elements(of: "g.npy", Double.self, count: 700_000)
        let losses = try tool.elements(of: "e.npy", Double.self, count: 700_000)
        for index in 0..<700_000 {
            let slope = problem.t[index] == 1 ? -1 / problem.p[index] : 1 / (1 - problem.p[index])
            XCTAssertEqual(gradient[index], slope, accuracy: abs(slope) * 1e-12)
            XCTAssertEqual(losses[index], problem.loss(index), accuracy: 1e-13)
        }
    }

    func test_severalBadValues_theFirstIsNamedByAnyNumberOfThreads() throws {
        let tool = try Tool()
        let count = 1 << 20
        var p = [Float](repeating: 0.5, count: count)
        for index in stride(from: 400_001, to: count, by: 1000) { p[index] = 2 }
        try tool.write("p.npy", NPY.file("<f4", p))
        try tool.write("t.npy", NPY.file("|u1", [UInt8](repeating: 1, count: count)))
        for _ in 0..<10 {
            XCTAssertEqual(
                try tool.run("loss", "p.npy", "t.npy").error,
                "Error: probabilities[400001] is 2.0, expected a number in [0, 1]\n")
        }
    }

    func test_integersOfManyWindows_labelsInSomeAndMissingInOthers() throws {
        let problem = Problem(1, 200_000)
        let tool = try Tool()
        try problem.write(to: tool)
        var labels = problem.t.map { Int32($0) }
        labels[150_000] = -1
        try tool.write("t.npy", NPY.file("<i4", labels, shape: "(1, 200000)"))
        let kept = (0..<200_000).filter { $0 != 150_000 }.map { problem.loss($0) }
        assertEqual(try lines(tool, "--missing", "-1"), [kept.mean])
        XCTAssertTrue(
            try tool.run("loss", "p.npy", "t.npy").error.hasPrefix("Error: targets[150000] is -1.0"))
    }
}

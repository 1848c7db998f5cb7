// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// `--report` prints counts and the standard error.
final class ReportTests: XCTestCase {
    func test_report_lines_followTheLoss() throws {
        let tool = try Tool()
        // The losses are ln 2, 2 ln 2 and 3 ln 2.
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.25, 0.125, 0.5]))
        try tool.write("t.npy", NPY.file("<f8", [1.0, 1, 1, -1]))
        let result = try tool.run("loss", "p.npy", "t.npy", "--missing", "-1", "--report")
        let lines = result.output.split(separator: "\n")
        XCTAssertEqual(Double(lines[0])!, 2 * log(2), accuracy: 1e-15)
        XCTAssertEqual(
            lines[1...5],
            [
                "count           3", "ignored         1", "weight sum      3.0", "clipped         0",
                "saturated       0",
            ])
        XCTAssertTrue(lines[6].hasPrefix("standard error  "), "\(lines[6])")
        // The standard deviation of 1, 2, 3 is 1.
        XCTAssertEqual(Double(lines[6].dropFirst(16))!, log(2) / 3.0.squareRoot(), accuracy: 1e-8)
        XCTAssertEqual(lines.count, 7)
    }

    func test_report_json_holdsTheFields() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", [0, 0.5, 1, 0.25, .nan]))
        try tool.write("t.npy", NPY.file("<f8", [1.0, 1, 1, 1, 1]))
        try tool.write("w.npy", NPY.file("<f8", [1.0, 2, 0.5, 4, 8]))
        try tool.write("m.npy", NPY.file("|b1", [true, true, true, true, false]))
        let object = try tool.json(
            "p.npy", "t.npy", "--preset", "keras", "--weights", "w.npy", "--mask", "m.npy", "--report",
            "--reduction", "weighted-mean")
        XCTAssertEqual(object["count"] as? Int, 4)
        XCTAssertEqual(object["ignoredCount"] as? Int, 1)
        XCTAssertEqual(object["weightSum"] as? Double, 7.5)
        XCTAssertEqual(object["clippedCount"] as? Int, 2)
        XCTAssertEqual(object["saturatedCount"] as? Int, 2)
        let losses = [-log(1e-7), log(2), -log(1 - 1e-7), 2 * log(2)]
        let weights = [1, 2, 0.5, 4]
        let mean = zip(weights, losses).map { $0 * $1 }.sum / 7.5
        XCTAssertEqual(try XCTUnwrap(object["loss"] as? Double), mean, accuracy: 1e-12)
        let spread = zip(weights, losses).map { $0 * $0 * ($1 - mean) * ($1 - mean) }.sum
        XCTAssertEqual(
            try XCTUnwrap(object["standardError"] as? Double), (4 / 3 * spread).squareRoot() / 7.5,
            accuracy: 1e-12)
    }

    func test_report_notAskedFor_isNotThere() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f2", [0.5] as [Float16]))
        let object = try tool.json("p.npy", "p.npy")
        for field in ["ignoredCount", "weightSum", "clippedCount", "saturatedCount", "standardError"] {
            XCTAssertNil(object[field], field)
        }
        XCTAssertEqual(object["scalar"] as? String, "Float16")
    }

    func test_report_withRows_followsThem() throws {
        let tool = try Tool()
        try Matrix.write(to: tool)
        let result = try tool.run("loss", "p.npy", "t.npy", "--by-row", "--report")
        let lines = result.output.split(separator: "\n")
        XCTAssertEqual(lines.count, 3 + 6)
        XCTAssertEqual(lines[3], "count           6")
    }
}

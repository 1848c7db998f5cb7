// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// An element that is masked out, or whose target is missing, does not count anywhere and may have any value.
final class MaskTests: XCTestCase {
    private let mask = [true, false, true, true, false, true]

    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    private var kept: [Double] { zip(Matrix.losses, mask).filter(\.1).map(\.0) }

    func test_mask_everyType_leavesOutZeros() throws {
        let tool = try tool()
        let bits = mask.map { $0 ? 1 : 0 }
        let files = [
            NPY.file("|b1", mask, shape: Matrix.shape),
            NPY.file("|u1", bits.map { UInt8($0 * 200) }, shape: Matrix.shape),
            NPY.file("|i1", bits.map { Int8(-$0) }, shape: Matrix.shape),
            NPY.file("<i8", bits.map { Int64($0) << 40 }, shape: Matrix.shape),
            NPY.file(">u2", bits.map { UInt16($0).bigEndian }, shape: Matrix.shape),
        ]
        for file in files {
            try tool.write("m.npy", file)
            for predictions in [["p.npy"], ["x.npy", "--logits"]] {
                let arguments = predictions + ["t.npy", "--mask", "m.npy"]
                XCTAssertEqual(try tool.loss(arguments), kept.mean, accuracy: 1e-14)
                XCTAssertEqual(
                    try tool.loss(arguments + ["--reduction", "sum"]), kept.sum, accuracy: 1e-14)
            }
        }
    }

    func test_mask_byRow_leavesOutRows() throws {
        let tool = try tool()
        try tool.write("m.npy", NPY.file("|b1", [true, false, true]))
        try tool.write("m1.npy", NPY.file("|b1", [true, false, true], shape: "(3, 1)"))
        try tool.write("m.csv", "use\n1\n0\n0.5\n")
        let expected = [0, 1, 4, 5].map { Matrix.losses[$0] }.mean
        for file in ["m.npy", "m1.npy", "m.csv:use"] {
            XCTAssertEqual(try tool.loss("p.npy", "t.npy", "--mask", file), expected, accuracy: 1e-14, file)
        }
    }

    func test_mask_andWeights_divideByWeightsThatCount() throws {
        let tool = try tool()
        try tool.write("m.npy", NPY.file("|b1", mask, shape: Matrix.shape))
        try tool.write("w.npy", NPY.file("<f8", [2.0, 3], shape: "(1, 2)"))
        let sum = [(0, 2), (2, 2), (3, 3), (5, 3)].map { Matrix.loss($0, weight: $1) }.sum
        let arguments = ["p.npy", "t.npy", "--mask", "m.npy", "--weights", "w.npy", "--reduction"]
        XCTAssertEqual(try tool.loss(arguments + ["weighted-mean"]), sum / 10, accuracy: 1e-14)
        XCTAssertEqual(try tool.loss(arguments + ["mean"]), sum / 4, accuracy: 1e-14)
    }

    func test_mask_valuesLeftOut_areNotChecked() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", [0.5, .nan, 0.25, 7]))
        try tool.write("f2.npy", NPY.file("<f2", [0.5, .nan, 0.25, 7] as [Float16]))
        try tool.write("x.npy", NPY.file("<f4", [0, .nan, -log(3), .nan] as [Float]))
        try tool.write("t.npy", NPY.file("<f8", [1, 1, 1, .nan]))
        try tool.write("ti.npy", NPY.file("<i4", [1, 7, 1, -3] as [Int32]))
        try tool.write("tu.npy", NPY.file("|u1", [1, 7, 1, 255] as [UInt8]))
        try tool.write("w.npy", NPY.file("<f8", [1, -1, 1, .infinity]))
        try tool.write("m.npy", NPY.file("|b1", [true, false, true, false]))
        for targets in ["t.npy", "ti.npy", "tu.npy"] {
            for predictions in [["p.npy"], ["f2.npy"], ["x.npy", "--logits"]] {
                let arguments = predictions + [targets, "--mask", "m.npy", "--weights", "w.npy"]
                XCTAssertEqual(
                    try tool.loss(arguments), 1.5 * log(2), accuracy: 1e-7, "\(predictions), \(targets)")
            }
        }
    }

    func test_mask_weightOfARowLeftOut_isNotChecked() throws {
        let tool = try tool()
        try tool.write("w.npy", NPY.file("<f8", [1, .nan, 1]))
        try tool.write("m.npy", NPY.file("|b1", [true, false, true]))
        let expected = [0, 1, 4, 5].map { Matrix.losses[$0] }.mean
        XCTAssertEqual(
            try tool.loss("p.npy", "t.npy", "--mask", "m.npy", "--weights", "w.npy"), expected,
            accuracy: 1e-14)
    }

    func test_mask_nothingCounts_meanIsNaNAndSumZero() throws {
        let tool = try tool()
        try tool.write("m.npy", NPY.file("|b1", [false, false, false]))
        let arguments = ["p.npy", "t.npy", "--mask", "m.npy"]
        XCTAssertTrue(try tool.loss(arguments).isNaN)
        XCTAssertEqual(try tool.loss(arguments + ["--reduction", "sum"]), 0)
        XCTAssertEqual(try tool.json("p.npy", "t.npy", "--mask", "m.npy")["count"] as? Int, 0)
    }

    func test_missing_everyType_leavesOutSuchTargets() throws {
        let tool = try tool()
        let expected = [0, 2, 3, 4, 5].map { Matrix.losses[$0] }.mean
        func targets(_ missing: Double) -> [Double] {
            Matrix.t.enumerated().map { $0.offset == 1 ? missing : $0.element }
        }
        let shape = Matrix.shape
        for (missing, file) in [
            ("nan", NPY.file("<f8", targets(.nan), shape: shape)),
            ("NaN", NPY.file("<f4", targets(.nan).map(Float.init), shape: shape)),
            ("nan", NPY.file("<f2", targets(.nan).map { Float16($0) }, shape: shape)),
            ("-1", NPY.file("|i1", targets(-1).map { Int8($0) }, shape: shape)),
            ("-999", NPY.file("<i8", targets(-999).map { Int64($0) }, shape: shape)),
            ("255", NPY.file("|u1", targets(255).map { UInt8($0) }, shape: shape)),
            ("-0.1", NPY.file("<f8", targets(-0.1), shape: shape)),
            // The value is compared in the type of the targets: -0.1 as a Float is not equal to -0.1 as a Double.
            ("-0.1", NPY.file("<f4", targets(-0.1).map(Float.init), shape: shape)),
        ] {
            try tool.write("m.npy", file)
            for predictions in [["p.npy"], ["x.npy", "--logits"]] {
                XCTAssertEqual(
                    try tool.loss(predictions + ["m.npy", "--missing", missing]), expected, accuracy: 1e-14,
                    missing)
            }
        }
        // A text file has a single column, so the predictions have that shape too.
        try tool.write("m.csv", "id,t\na,0\nb,\nc,1\nd,0\ne,0\nf,1\n")
        try tool.write("p1.npy", NPY.file("<f8", Matrix.p))
        XCTAssertEqual(
            try tool.loss("p1.npy", "m.csv:t", "--missing", "nan"), expected, accuracy: 1e-14)
    }

    func test_missing_valueThatTheTypeRoundsToALabel_isNoTarget() throws {
        let tool = try tool()
        try tool.write("t4.npy", NPY.file("<f4", Matrix.t.map(Float.init), shape: Matrix.shape))
        for missing in ["1.000000000001", "-1e-60", "1e300"] {
            XCTAssertEqual(
                try tool.loss("p.npy", "t4.npy", "--missing", missing), Matrix.losses.mean, accuracy: 1e-14,
                missing)
        }
    }

    func test_missing_notGiven_isRefusedWithPlaceAndValue() throws {
        let tool = try tool()
        for (file, message) in [
            (NPY.file("|i1", [0, 1, -1, 0, 0, 1] as [Int8], shape: Matrix.shape), "targets[2] is -1.0"),
            (NPY.file("<f8", [0, 1, 1, .nan, 0, 1], shape: Matrix.shape), "targets[3] is nan"),
            (NPY.file("|u1", [0, 1, 1, 0, 0, 255] as [UInt8], shape: Matrix.shape), "targets[5] is 255.0"),
        ] {
            try tool.write("t.npy", file)
            let result = try tool.run("loss", "p.npy", "t.npy")
            XCTAssertNotEqual(result.status, 0)
            XCTAssertTrue(result.error.contains(message), result.error)
        }
        try tool.write("m.csv", "id,t\na,0\nb,\nc,1\nd,0\ne,0\nf,1\n")
        let result = try tool.run("loss", "p.npy", "m.csv:t", "--missing", "-1")
        XCTAssertTrue(result.error.contains("line 3, column 2"), result.error)
    }

    func test_missing_otherValues_areStillChecked() throws {
        let tool = try tool()
        try tool.write("t.npy", NPY.file("<i4", [0, -1, 1, -2, 0, 1] as [Int32], shape: Matrix.shape))
        let result = try tool.run("loss", "p.npy", "t.npy", "--missing", "-1")
        XCTAssertTrue(result.error.contains("targets[3] is -2"), result.error)
        try tool.write("p.npy", NPY.file("<f8", [0.5, .nan, 0.5, .nan, 0.5, 0.5], shape: Matrix.shape))
        try tool.write("t.npy", NPY.file("<i4", [0, -1, 1, 0, 0, 1] as [Int32], shape: Matrix.shape))
        let second = try tool.run("loss", "p.npy", "t.npy", "--missing", "-1")
        XCTAssertTrue(second.error.contains("probabilities[3] is nan"), second.error)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// `--gradient-to` and `--hessian-to` compared with the derivatives of the formula.
final class DerivativeFileTests: XCTestCase {
    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    private func assertElements(
        _ tool: Tool, _ file: String, _ expected: [Double], line: UInt = #line
    ) throws {
        let written = try tool.elements(of: file, Double.self, count: expected.count)
        for (index, pair) in zip(written, expected).enumerated() {
            XCTAssertEqual(
                pair.0, pair.1, accuracy: 1e-14 * max(1, pair.1.magnitude), "\(file)[\(index)]", line: line)
        }
    }

    func test_derivatives_logits_everyReduction_dividesByItsDivisor() throws {
        let tool = try tool()
        let weights = [0.5, 2, 3]
        try tool.write("w.npy", NPY.file("<f8", weights))
        for (reduction, divisor) in [("sum", 1.0), ("mean", 6), ("weighted-mean", 11)] {
            _ = try tool.loss(
                "x.npy", "t.npy", "--logits", "--weights", "w.npy", "--reduction", reduction,
                "--gradient-to", "g.npy", "--hessian-to", "h.npy")
            let gradient = Matrix.t.indices.map { weights[$0 / 2] * (Matrix.p[$0] - Matrix.t[$0]) / divisor }
            try assertElements(tool, "g.npy", gradient)
            let hessian = Matrix.p.enumerated().map { weights[$0 / 2] * $1 * (1 - $1) / divisor }
            try assertElements(tool, "h.npy", hessian)
        }
    }

    func test_derivatives_eachAlone_isTheSame() throws {
        let tool = try tool()
        _ = try tool.loss("x.npy", "t.npy", "--logits", "--gradient-to", "g.npy")
        try assertElements(tool, "g.npy", zip(Matrix.p, Matrix.t).map { ($0 - $1) / 6 })
        _ = try tool.loss("x.npy", "t.npy", "--logits", "--hessian-to", "h.npy")
        try assertElements(tool, "h.npy", Matrix.p.map { $0 * (1 - $0) / 6 })
        let header = String(decoding: try tool.read("h.npy")[10..<128], as: UTF8.self)
        XCTAssertTrue(header.contains("'descr': '<f8'") && header.contains("'shape': (3, 2)"), header)
    }

    func test_gradient_probabilities_isThatOfTheFormula() throws {
        let tool = try tool()
        _ = try tool.loss(
            "p.npy", "t.npy", "--gradient-to", "g.npy", "--positive-weight", "2", "--label-smoothing", "0.2")
        let gradient = zip(Matrix.p, Matrix.t).map { p, t in
            let y = t * 0.8 + 0.1
            return (-2 * y / p + (1 - y) / (1 - p)) / 6
        }
        try assertElements(tool, "g.npy", gradient)
    }

    func test_gradient_preset_isItsOwnWherePredictionsAreCertain() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", [0.0, 1]))
        try tool.write("t.npy", NPY.file("<f8", [1.0, 1]))
        let gradients: [(preset: String, expected: [Double])] = [
            ("keras", [0, 0]), ("pytorch", [-1_000_000_003_995.8029 / 2, 0]), ("exact", [-.infinity, -0.5]),
        ]
        for (preset, expected) in gradients {
            _ = try tool.loss("p.npy", "t.npy", "--preset", preset, "--gradient-to", "g.npy")
            let written = try tool.elements(of: "g.npy", Double.self, count: 2)
            XCTAssertEqual(written[0], expected[0], accuracy: 1e-3, preset)
            XCTAssertEqual(written[1], expected[1], accuracy: 1e-15, preset)
        }
    }

    func test_gradient_maskedAndMissing_areZeroAndDoNotDivide() throws {
        let tool = try tool()
        try tool.write("t.npy", NPY.file("<f8", [0.0, 1, -1, 0, 0, 1], shape: Matrix.shape))
        try tool.write("m.npy", NPY.file("|b1", [true, true, false]))
        _ = try tool.loss(
            "x.npy", "t.npy", "--logits", "--missing", "-1", "--mask", "m.npy", "--gradient-to", "g.npy",
            "--hessian-to", "h.npy")
        let kept = [true, true, false, true, false, false]
        let slope = (0..<6).map { kept[$0] ? (Matrix.p[$0] - Matrix.t[$0]) / 3 : 0 }
        try assertElements(tool, "g.npy", slope)
        let curvature = (0..<6).map { kept[$0] ? Matrix.p[$0] * (1 - Matrix.p[$0]) / 3 : 0 }
        try assertElements(tool, "h.npy", curvature)
    }

    func test_gradient_halfPredictions_isWrittenAsFloat() throws {
        let tool = try Tool()
        try tool.write("x.npy", NPY.file("<f2", [0, -2] as [Float16]))
        try tool.write("t.npy", NPY.file("|u1", [1, 0] as [UInt8]))
        _ = try tool.loss(
            "x.npy", "t.npy", "--logits", "--gradient-to", "g.npy", "--elements-to", "e.npy")
        let gradient = try tool.elements(of: "g.npy", Float.self, count: 2)
        XCTAssertEqual(gradient[0], -0.25, accuracy: 1e-7)
        XCTAssertEqual(gradient[1], Float(Matrix.sigmoid(-2) / 2), accuracy: 1e-8)
        let losses = try tool.elements(of: "e.npy", Float.self, count: 2)
        XCTAssertEqual(losses[1], Float(log1p(exp(-2.0))), accuracy: 1e-7)
        XCTAssertTrue(try tool.read("g.npy").count == 128 + 8)
    }

    func test_gradient_manyPieces_dividesByTheWholeFile() throws {
        let tool = try Tool()
        // There are many pieces, and every second row does not count.
        let (rows, columns) = (1 << 21 | 1, 3)
        try tool.write(
            "x.npy",
            NPY.file("<f4", [Float](repeating: 0, count: rows * columns), shape: "(\(rows), \(columns))"))
        try tool.write(
            "t.npy",
            NPY.file(
                "|u1", [UInt8](repeating: 1, count: rows * columns), shape: "(\(rows), \(columns))"))
        try tool.write("m.npy", NPY.file("|u1", (0..<rows).map { UInt8($0 % 2) }))
        try tool.write("w.npy", NPY.file("<f4", [1, 2, 4] as [Float], shape: "(1, 3)"))
        let loss = try tool.loss(
            "x.npy", "t.npy", "--logits", "--mask", "m.npy", "--weights", "w.npy", "--gradient-to", "g.npy",
            "--hessian-to", "h.npy")
        // The documented accuracy of a weighted loss of equal Floats.
        XCTAssertEqual(loss, 7 / 3 * log(2), accuracy: 3e-7 * loss)
        let gradient = try tool.elements(of: "g.npy", Float.self, count: rows * columns)
        let hessian = try tool.elements(of: "h.npy", Float.self, count: rows * columns)
        let counted = Double(rows / 2 * columns)
        for row in [0, 1, rows / 2, rows - 2, rows - 1] {
            for column in 0..<columns {
                let weight = row % 2 == 0 ? 0 : Double(1 << column) / counted
                XCTAssertEqual(
                    gradient[row * columns + column], Float(-0.5 * weight), accuracy: Float(1e-7 * weight))
                XCTAssertEqual(
                    hessian[row * columns + column], Float(0.25 * weight), accuracy: Float(1e-7 * weight))
            }
        }
    }
}

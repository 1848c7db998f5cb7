// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Options that change the formula, compared with the formula in Double.
final class FormulaOptionTests: XCTestCase {
    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    func test_labelSmoothing_movesTargets() throws {
        let expected = Matrix.t.indices.map { Matrix.loss($0, smoothing: 0.2) }.mean
        for predictions in [["p.npy"], ["x.npy", "--logits"]] {
            let loss = try tool().loss(predictions + ["t.npy", "--label-smoothing", "0.2"])
            XCTAssertEqual(loss, expected, accuracy: 1e-14)
        }
    }

    func test_positiveWeight_number_weighsPositiveParts() throws {
        let expected = Matrix.t.indices.map { Matrix.loss($0, positive: 2.5) }.mean
        XCTAssertEqual(
            try tool().loss("p.npy", "t.npy", "--positive-weight", "2.5"), expected, accuracy: 1e-14)
        let negatives = Matrix.t.indices.map { Matrix.t[$0] == 1 ? 0 : Matrix.loss($0) }.mean
        XCTAssertEqual(
            try tool().loss("p.npy", "t.npy", "--positive-weight", "0"), negatives, accuracy: 1e-14)
    }

    func test_focalGamma_shrinksLossesOfGoodPredictions() throws {
        let expected = zip(Matrix.losses, Matrix.certainty).map { $0 * pow(1 - $1, 1.5) }.mean
        XCTAssertEqual(try tool().loss("p.npy", "t.npy", "--focal-gamma", "1.5"), expected, accuracy: 1e-14)
        XCTAssertEqual(
            try tool().loss("x.npy", "t.npy", "--logits", "--focal-gamma", "1.5"), expected, accuracy: 1e-14)
        XCTAssertEqual(
            try tool().loss("p.npy", "t.npy", "--focal-gamma", "0"), Matrix.losses.mean, accuracy: 1e-14)
    }

    func test_focalAlpha_alone_hasGammaTwo() throws {
        let alpha = Matrix.t.map { $0 == 1 ? 0.25 : 0.75 }
        func expected(_ gamma: Double) -> Double {
            Matrix.t.indices.map { index in
                alpha[index] * Matrix.losses[index] * pow(1 - Matrix.certainty[index], gamma)
            }.mean
        }
        let tool = try tool()
        XCTAssertEqual(
            try tool.loss("p.npy", "t.npy", "--focal-alpha", "0.25"), expected(2), accuracy: 1e-14)
        XCTAssertEqual(
            try tool.loss("p.npy", "t.npy", "--focal-alpha", "0.25", "--focal-gamma", "0"), expected(0),
            accuracy: 1e-14)
    }

    func test_preset_certainAndWrong_costsWhatItsFrameworkSays() throws {
        let tool = try Tool()
        try tool.write("f8.npy", NPY.file("<f8", [0.0]))
        try tool.write("f4.npy", NPY.file("<f4", [0 as Float]))
        try tool.write("t.npy", NPY.file("|u1", [1 as UInt8]))
        for (predictions, preset, expected) in [
            ("f8.npy", "exact", Double.infinity), ("f8.npy", "pytorch", 100),
            ("f8.npy", "keras", -log(1e-7)), ("f8.npy", "keras2", -log(1e-7 + 1e-7)),
            ("f8.npy", "scikit-learn", 52 * log(2)), ("f4.npy", "scikit-learn", 23 * log(2)),
        ] {
            let loss = try tool.loss(predictions, "t.npy", "--preset", preset)
            XCTAssertEqual(loss, expected, accuracy: 2e-7, "\(predictions), \(preset)")
        }
    }

    func test_preset_clipsInThePredictionsTypeWhateverTheTargets() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f4", [0 as Float]))
        try tool.write("t.npy", NPY.file("<f8", [0.9]))
        // If a target is not representable as a Float, everything is computed in Double, but clipped as in Float.
        XCTAssertEqual(
            try tool.loss("p.npy", "t.npy", "--preset", "scikit-learn"),
            0.9 * 23 * log(2) - 0.1 * log1p(-0x1p-23), accuracy: 1e-13)
    }

    func test_preset_reduction_isItsOwnUnlessGiven() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.25]))
        try tool.write("t.npy", NPY.file("<f8", [1.0, 1]))
        try tool.write("w.npy", NPY.file("<f8", [1.0, 3]))
        let arguments = ["p.npy", "t.npy", "--weights", "w.npy", "--preset", "scikit-learn"]
        // The losses are ln 2 and 2 ln 2.
        XCTAssertEqual(try tool.loss(arguments), 7 / 4 * log(2), accuracy: 1e-15)
        XCTAssertEqual(
            try tool.loss(arguments + ["--reduction", "mean"]), 7 / 2 * log(2), accuracy: 1e-15)
        XCTAssertEqual(try tool.loss(arguments + ["--reduction", "sum"]), 7 * log(2), accuracy: 1e-14)
        XCTAssertEqual(
            try tool.json("p.npy", "t.npy", "--preset", "scikit-learn")["reduction"] as? String,
            "weighted-mean")
        XCTAssertEqual(
            try tool.loss("p.npy", "t.npy", "--weights", "w.npy", "--reduction", "weighted-mean"),
            7 / 4 * log(2), accuracy: 1e-15)
    }
}

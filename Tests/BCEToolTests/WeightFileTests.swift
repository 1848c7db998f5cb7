// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Files of weights are spread over the predictions according to their shapes.
final class WeightFileTests: XCTestCase {
    private let byRow = [0.5, 2, 3]
    private let byColumn = [0.25, 4]
    private let byElement = [1, 0.5, 0, 2, 1.5, 3]

    private func tool() throws -> Tool {
        let tool = try Tool()
        try Matrix.write(to: tool)
        return tool
    }

    private func assertWeights(
        _ tool: Tool, _ file: String, _ weights: [Double], line: UInt = #line
    ) throws {
        let losses = zip(Matrix.losses, weights).map { $0 * $1 }
        for (reduction, expected) in [
            ("sum", losses.sum), ("mean", losses.mean), ("weighted-mean", losses.sum / weights.sum),
        ] {
            for predictions in [["p.npy"], ["x.npy", "--logits"]] {
                let loss = try tool.loss(
                    predictions + ["t.npy", "--weights", file, "--reduction", reduction], line: line)
                XCTAssertEqual(loss, expected, accuracy: 4e-14, "\(file), \(reduction)", line: line)
            }
        }
    }

    func test_weights_everyShape_isSpreadOverIt() throws {
        let tool = try tool()
        let rows = byRow.flatMap { [$0, $0] }
        let columns = byColumn + byColumn + byColumn
        for (values, shape, weights) in [
            (byElement, "(3, 2)", byElement), (byRow, "(3,)", rows), (byRow, "(3, 1)", rows),
            (byColumn, "(1, 2)", columns),
        ] {
            try tool.write("w.npy", NPY.file("<f8", values, shape: shape))
            try assertWeights(tool, "w.npy", weights)
            try tool.write("w.npy", NPY.file("<f4", values.map(Float.init), shape: shape))
            try assertWeights(tool, "w.npy", weights)
        }
    }

    func test_positiveWeight_shapeOfThePredictions_isByElement() throws {
        let tool = try tool()
        let losses = Matrix.p.indices.map { Matrix.loss($0, positive: byElement[$0]) }
        for shape in ["(3, 2)", "(6,)"] {
            try tool.write("v.npy", NPY.file("<f8", byElement, shape: shape))
            try tool.write("p1.npy", NPY.file("<f8", Matrix.p, shape: shape))
            try tool.write("t1.npy", NPY.file("<f8", Matrix.t, shape: shape))
            let loss = try tool.loss(
                "p1.npy", "t1.npy", "--positive-weight", "v.npy", "--elements-to", "e.npy")
            XCTAssertEqual(loss, losses.mean, accuracy: 4e-14)
            for (element, loss) in zip(try tool.elements(of: "e.npy", Double.self, count: 6), losses) {
                XCTAssertEqual(element, loss, accuracy: 4e-14)
            }
        }
    }

    func test_weights_otherTypes_areConverted() throws {
        let tool = try tool()
        let rows = [1.0, 1, 2, 2, 0, 0]
        try tool.write("i8.npy", NPY.file("<i8", [1, 2, 0] as [Int64]))
        try tool.write("u1.npy", NPY.file("|u1", [1, 2, 0] as [UInt8]))
        try tool.write("f2.npy", NPY.file("<f2", [1, 2, 0] as [Float16]))
        try tool.write("w.csv", "id,weight\n1,1\n2,2\n3,0\n")
        for file in ["i8.npy", "u1.npy", "f2.npy", "w.csv:weight"] { try assertWeights(tool, file, rows) }
    }

    func test_weights_asManyRowsAsColumns_oneDimensionIsByRow() throws {
        let tool = try Tool()
        // The losses are 1, 2, 3 and 4 times ln 2.
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.25, 0.125, 0.0625], shape: "(2, 2)"))
        try tool.write("t.npy", NPY.file("|u1", [1, 1, 1, 1] as [UInt8], shape: "(2, 2)"))
        let byRow = [1.0, 2, 30, 40].sum
        let byColumn = [1.0, 20, 3, 40].sum
        for (shape, expected) in [("(2,)", byRow), ("(2, 1)", byRow), ("(1, 2)", byColumn)] {
            try tool.write("w.npy", NPY.file("<f8", [1.0, 10], shape: shape))
            XCTAssertEqual(
                try tool.loss("p.npy", "t.npy", "--weights", "w.npy", "--reduction", "sum"),
                expected * log(2), accuracy: 1e-13, shape)
        }
    }

    func test_weights_oneDimension_areByElement() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", Matrix.p))
        try tool.write("x.npy", NPY.file("<f8", Matrix.x))
        try tool.write("t.npy", NPY.file("<f8", Matrix.t))
        try tool.write("w.npy", NPY.file("<f8", byElement))
        try assertWeights(tool, "w.npy", byElement)
        // With a single column, rows are elements.
        try tool.write("p.npy", NPY.file("<f8", Matrix.p, shape: "(6, 1)"))
        try tool.write("x.npy", NPY.file("<f8", Matrix.x, shape: "(6, 1)"))
        try assertWeights(tool, "w.npy", byElement)
    }

    func test_weights_none_makesEvenAnInfiniteLossNothing() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", [0.0, 0.5]))
        try tool.write("t.npy", NPY.file("<f8", [1.0, 1]))
        try tool.write("w.npy", NPY.file("<f8", [0.0, 2]))
        XCTAssertEqual(
            try tool.loss("p.npy", "t.npy", "--weights", "w.npy", "--reduction", "weighted-mean"), log(2),
            accuracy: 1e-15)
    }

    func test_positiveWeight_file_isByColumn() throws {
        let tool = try tool()
        let expected = Matrix.t.indices.map { Matrix.loss($0, positive: byColumn[$0 % 2]) }.mean
        for shape in ["(2,)", "(1, 2)"] {
            try tool.write("v.npy", NPY.file("<f8", byColumn, shape: shape))
            let loss = try tool.loss("x.npy", "t.npy", "--logits", "--positive-weight", "v.npy")
            XCTAssertEqual(loss, expected, accuracy: 1e-14, shape)
        }
    }

    func test_weights_elementsTo_writesWeightedLosses() throws {
        let tool = try tool()
        try tool.write("w.npy", NPY.file("<f8", byRow))
        _ = try tool.loss("p.npy", "t.npy", "--weights", "w.npy", "--elements-to", "e.npy")
        for (index, loss) in try tool.elements(of: "e.npy", Double.self, count: 6).enumerated() {
            XCTAssertEqual(loss, Matrix.loss(index, weight: byRow[index / 2]), accuracy: 1e-14)
        }
    }
}

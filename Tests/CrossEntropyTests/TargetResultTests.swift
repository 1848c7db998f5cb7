// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels
import Foundation
import TestSupport
import XCTest

@testable import CrossEntropy

/// Targets of every type give the same results as targets of the predictions' type, which kernels read in place.
final class TargetResultTests: XCTestCase {
    /// With 29 columns, the mask bits of a row may begin at any bit of a byte.
    private static let shapes = [
        Shape(1, 1), Shape(1, 17), Shape(1, 1031), Shape(37, 29),
        Shape(37, 29, predictionGap: 2, targetGap: 5),
    ]

    private static let variants = [
        Variant(isLogits: true), Variant(isLogits: true, hasMask: true),
        Variant(isLogits: true, isWeighted: true), Variant(isLogits: false),
        Variant(isLogits: false, hasMask: true, isWeighted: true),
    ]

    /// The seven options are combined with the five variants in turn.
    private var step = 0

    func test_everyResult_everyTypeOfTargets_isThatOfThePredictionsTypeAtEveryLevel() throws {
        for type in targetTypes {
            for (level, shape) in KernelLevel.available.flatMap({ level in Self.shapes.map { (level, $0) } })
            {
                // Double targets are exact; Float lanes would round them.
                if type != Double.self { try check(Float.self, type, shape, level) }
                try check(Double.self, type, shape, level)
            }
        }
    }

    private func check<P: LossScalar, T: StoredTarget>(
        _: P.Type, _: T.Type, _ shape: Shape, _ level: KernelLevel
    ) throws {
        // Eighths are exact in every type that is not an integer.
        let numbers: [Double] = (0..<shape.count).map { index in
            let eighths = T.isSoft ? index * 5 % 9 : index * 5 % 3 / 2 * 8
            return Double(eighths) / 8
        }
        // The elements between rows must have no effect.
        let gap = T.outside.first ?? T(nearest: 1)
        let targets = shape.spread(numbers.map { T(nearest: $0) }, gap: shape.targetGap, gap)
        let ofPredictionsType = shape.spread(numbers.map { P($0) }, gap: shape.targetGap, 1)
        let elements = ShapedElements<P>(shape)
        for (name, options) in try optionsOfEveryRoute() {
            step += 1
            let (bce, variant) = (options.at(level: level), Self.variants[step % Self.variants.count])
            assertAlike(
                try elements.result(of: bce, targets, variant),
                try elements.result(of: bce, ofPredictionsType, variant),
                "\(P.self), \(T.self) targets, \(shape), \(name), \(level), \(variant)")
        }
    }

    /// Results of single elements are equal, because they are computed by the same instructions. Sums are rounded once
    /// more for each block that is converted.
    private func assertAlike(_ result: EveryResult, _ expected: EveryResult, _ name: String) {
        XCTAssertEqual(result.elements, expected.elements, name)
        XCTAssertEqual(Set(result.sums.keys), Set(expected.sums.keys), name)
        for (what, numbers) in expected.sums {
            for (number, expected) in zip(result.sums[what]!, numbers) {
                let isSame = number == expected || number.isNaN && expected.isNaN
                XCTAssertTrue(
                    isSame || abs(number - expected) <= 1e-13 * abs(expected),
                    "\(what) is \(number), expected \(expected), \(name)")
            }
        }
    }
}

/// Rows and columns, and the number of elements between rows of predictions and of targets.
private struct Shape {
    let rows, columns, predictionGap, targetGap: Int

    init(_ rows: Int, _ columns: Int, predictionGap: Int = 0, targetGap: Int = 0) {
        (self.rows, self.columns) = (rows, columns)
        (self.predictionGap, self.targetGap) = (predictionGap, targetGap)
    }

    var count: Int { rows * columns }

    func spread<Element>(_ values: [Element], gap: Int, _ filler: Element) -> [Element] {
        let filler = [Element](repeating: filler, count: gap)
        return (0..<rows).flatMap { values[$0 * columns..<($0 + 1) * columns] + filler }
    }
}

private struct Variant {
    var isLogits: Bool
    var hasMask = false
    var isWeighted = false
}

/// Everything that a batch has except targets.
private struct ShapedElements<P: LossScalar> {
    let shape: Shape
    private let logits, probabilities, weights: [P]
    private let mask: [UInt8]

    init(_ shape: Shape) {
        self.shape = shape
        let numbers = (0..<shape.count).map { Double($0 * 37 % 101 - 50) / 12 }
        logits = shape.spread(numbers.map { P($0) }, gap: shape.predictionGap, .nan)
        probabilities = shape.spread(
            numbers.map { P(1 / (1 + exp(-$0))) }, gap: shape.predictionGap, .nan)
        weights = (0..<shape.count).map { P($0 % 4) / 2 }
        mask = pack((0..<shape.count).map { $0 % 5 != 2 })
    }

    func result<T: LossTarget>(
        of bce: BinaryCrossEntropy, _ targets: [T], _ variant: Variant
    ) throws -> EveryResult {
        let (rows, columns) = (shape.rows, shape.columns)
        let predictions = variant.isLogits ? logits : probabilities
        let x = try MatrixView(
            predictions.span, rows: rows, columns: columns, rowStride: columns + shape.predictionGap)
        let t = try MatrixView(
            targets.span, rows: rows, columns: columns, rowStride: columns + shape.targetGap)
        var batch =
            variant.isLogits
            ? try LossBatch(logits: x, targets: t) : try LossBatch(probabilities: x, targets: t)
        if variant.hasMask { batch = try batch.masked(byPacked: mask.span) }
        if variant.isWeighted { batch = try batch.weighted(byElement: weights.span) }
        return try EveryResult(batch, bce, hessian: variant.isLogits)
    }
}

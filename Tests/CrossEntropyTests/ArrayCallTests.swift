// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Arrays stored in a class, a struct and an actor: no span of one can be taken while another one is being written.
private final class ClassModel {
    var x: [Float] = [2, -1, 0.5, 3]
    var t = [true, false, false, true]
    var g: [Float] = []
    var h: [Float] = []
    var l: [Float] = []

    func train() throws -> Double {
        try BinaryCrossEntropy.exact.losses(logits: x, targets: t, into: &l)
        try BinaryCrossEntropy.exact.gradient(logits: x, targets: t, into: &g)
        return try BinaryCrossEntropy.exact.loss(logits: x, targets: t, gradient: &g, hessianDiagonal: &h)
    }
}

private struct StructModel {
    var p: [Double] = [0.9, 0.2]
    var t = [1, 0]
    var g: [Double] = []

    mutating func train() throws -> Double {
        try BinaryCrossEntropy.exact.gradient(probabilities: p, targets: t, into: &g)
        return try BinaryCrossEntropy.exact.loss(probabilities: p, targets: t, gradient: &g)
    }
}

private actor ActorModel {
    private let x: [Float] = [2, -1, 0.5, 3]
    private let t: [UInt8] = [1, 0, 0, 1]
    private let weights: [Float]? = nil
    private let positiveWeights: [Float]? = [2, 3]
    private var g: [Float] = []

    func train() throws -> (Double, [Float]) {
        let loss = try BinaryCrossEntropy.exact.loss(
            logits: x, targets: t, columns: 2, weights: weights, positiveColumnWeights: positiveWeights,
            gradient: &g)
        return (loss, g)
    }
}

/// The calls on arrays and pointers, compared with those on spans.
final class ArrayCallTests: XCTestCase {
    private let loss = BinaryCrossEntropy.exact

    func test_storedArrays_trainInAClassAStructAndAnActor() async throws {
        let model = ClassModel()
        let (x, t) = (model.x, model.t)
        let expected = try loss.loss(logits: x.span, targets: t.span)
        XCTAssertEqual(try model.train(), expected, accuracy: 1e-7)
        XCTAssertEqual(model.g, try loss.gradient(LossBatch(logits: x.span, targets: t.span)))
        XCTAssertEqual(Double(model.l.reduce(0, +)) / 4, expected, accuracy: 1e-6)
        for (x, h) in zip(model.x, model.h) {
            XCTAssertEqual(Double(h), 0.25 / (2 + 2 * cosh(Double(x))), accuracy: 1e-7)
        }

        var value = StructModel()
        XCTAssertEqual(try value.train(), -(log(0.9) + log(0.8)) / 2, accuracy: 1e-15)
        XCTAssertEqual(value.g[0], -0.5 / 0.9, accuracy: 1e-15)
        XCTAssertEqual(value.g[1], 0.5 / 0.8, accuracy: 1e-15)

        let (actorLoss, gradient) = try await ActorModel().train()
        let softplus = { (x: Double) in log1p(exp(x)) }
        let sum = 2 * softplus(-2) + softplus(-1) + softplus(0.5) + 3 * softplus(-3)
        XCTAssertEqual(actorLoss, sum / 4, accuracy: 1e-6)
        XCTAssertEqual(Double(gradient[0]), -0.5 / (1 + exp(2.0)), accuracy: 1e-7)
    }

    func test_everyOption_isThatOfTheBatchOfSpans() throws {
        let seed: UInt64 = 61
        var generator = SplitMix64(seed: seed)
        let (rows, columns) = (37, 5)
        let count = rows * columns
        func numbers(_ count: Int, _ range: ClosedRange<Float>) -> [Float] {
            (0..<count).map { _ in Float.random(in: range, using: &generator) }
        }
        let (x, t, w) = (numbers(count, -3...3), numbers(count, 0...1), numbers(count, 0...2))
        let (rowWeights, columnWeights) = (numbers(rows, 0...2), numbers(columns, 0...2))
        let (positive, positiveColumns) = (numbers(count, 0...2), numbers(columns, 0...2))
        let mask = (0..<count).map { $0 % columns == 0 || Bool.random(using: &generator) }
        let batch = try LossBatch(logits: x.span, targets: t.span, columns: columns)
            .weighted(byElement: w.span).weighted(byRow: rowWeights.span).weighted(
                byColumn: columnWeights.span
            )
            .positivesWeighted(byElement: positive.span).positivesWeighted(byColumn: positiveColumns.span)
            .masked(by: mask.span)
        let arrays = ArrayBatch(
            logits: x, targets: t, columns: columns, weights: w, rowWeights: rowWeights,
            columnWeights: columnWeights, positiveWeights: positive, positiveColumnWeights: positiveColumns,
            mask: mask)
        let expected = try loss.loss(batch)
        XCTAssertEqual(try loss.loss(arrays), expected, "seed \(seed)")
        XCTAssertEqual(
            try loss.loss(
                logits: x, targets: t, columns: columns, weights: w, rowWeights: rowWeights,
                columnWeights: columnWeights, positiveWeights: positive,
                positiveColumnWeights: positiveColumns, mask: mask), expected)
        XCTAssertEqual(try loss.losses(arrays), try loss.losses(batch))
        XCTAssertEqual(try loss.gradient(arrays), try loss.gradient(batch))
        XCTAssertEqual(try loss.rowLosses(arrays), try loss.rowLosses(batch))
        XCTAssertEqual(try loss.columnLosses(arrays), try loss.columnLosses(batch))
        XCTAssertEqual(try loss.report(arrays), try loss.report(batch))
        var (total, expectedTotal) = (LossAccumulator(), LossAccumulator())
        try loss.add(arrays, to: &total)
        try loss.add(batch, to: &expectedTotal)
        XCTAssertEqual(total, expectedTotal)

        var (g, h) = ([Float](repeating: 7, count: count + 3), [Float]())
        try x.withUnsafeBufferPointer { x in
            try t.withUnsafeBufferPointer { t in
                try w.withUnsafeBufferPointer { w in
                    let masked = try LossBatch(logits: x.span, targets: t.span)
                        .weighted(byElement: w.span)
                    XCTAssertEqual(try loss.loss(logits: x, targets: t, weights: w), try loss.loss(masked))
                    try g.withUnsafeMutableBufferPointer {
                        try loss.gradient(logits: x, targets: t, weights: w, into: $0)
                    }
                    XCTAssertEqual(Array(g.prefix(count)), try loss.gradient(masked))
                    XCTAssertEqual(g.suffix(3), [7, 7, 7])
                    XCTAssertThrowsError(
                        try h.withUnsafeMutableBufferPointer {
                            try loss.losses(logits: x, targets: t, into: $0)
                        }
                    ) {
                        XCTAssertEqual(
                            $0 as? CrossEntropyError,
                            .outputTooShort(argument: "losses", count: 0, needed: count))
                    }
                }
            }
        }
        XCTAssertEqual(h, [])
    }

    func test_integerTargets_areThoseOfTheirBytes() throws {
        for count in [0, 1, 15, 16, 17, 100, 8193, 20_001] {
            let x = (0..<count).map { Double($0 % 23) / 4 - 3 }
            let t = (0..<count).map { $0 * 7 % 3 == 0 ? 1 : 0 }
            let bytes = t.map { UInt8($0) }
            XCTAssertEqual(
                try loss.with(reduction: .sum).loss(logits: x, targets: t),
                try loss.with(reduction: .sum).loss(logits: x, targets: bytes),
                accuracy: 1e-14 * Double(count))
            XCTAssertEqual(
                try loss.gradient(logits: x.map { Float($0) }, targets: t),
                try loss.gradient(logits: x.map { Float($0) }, targets: bytes), "\(count) elements")
        }
    }

    func test_outputArray_tooShort_grows_longer_keepsItsRest() throws {
        let (x, t): ([Float], [Float]) = ([0, 0], [1, 0])
        var short: [Float] = [9]
        try loss.gradient(logits: x, targets: t, into: &short)
        XCTAssertEqual(short, [-0.25, 0.25])
        var long: [Float] = [9, 9, 9]
        try loss.losses(logits: x, targets: t, into: &long)
        XCTAssertEqual(long.last, 9)
        XCTAssertEqual(long[0], Float(log(2.0)))
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Weights by element, row and column, masks and missing targets.
final class WeightTests: XCTestCase {
    private let columns = 7
    private let rows = 293
    private lazy var item = Case<Float>.logits(spread: 3, .random, count: rows * columns, seed: 41)

    private func expected(_ weight: (Int, Int) -> Double, positive: (Int) -> Double = { _ in 1 }) -> Double {
        let oracle = OptionOracle()
        var sum: Reference = 0
        for index in item.predictions.indices {
            sum += oracle.loss(
                logit: Reference(item.predictions[index]), Reference(item.targets[index]),
                weight: Reference(weight(index / columns, index % columns)),
                positive: Reference(positive(index % columns)))
        }
        return Double(sum)
    }

    func test_loss_weightsOfEveryShapeAtOnce_multiply() throws {
        let element = item.predictions.indices.map { Float($0 % 5) }
        let row = (0..<rows).map { Double($0 % 3) + 0.5 }
        let column: [Float] = [1, 2, 0, 0.5, 3, 1, 4]
        let positive: [Float] = [1, 0.5, 3, 1, 1, 2, 0]
        let batch = try LossBatch(logits: item.predictions.span, targets: item.targets.span, columns: columns)
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        let all = try sum.loss(
            batch.weighted(by: 0.25).weighted(byElement: element.span).weighted(byRow: row.span)
                .weighted(byColumn: column.span).positivesWeighted(byColumn: positive.span))
        let reference = expected(
            { 0.25 * Double(element[$0 * columns + $1]) * row[$0] * Double(column[$1]) },
            positive: { Double(positive[$0]) })
        XCTAssertEqual(all, reference, accuracy: Float.promise * reference)
        let byRow = try sum.loss(batch.weighted(byRow: row.span))
        XCTAssertEqual(byRow, expected { row, _ in Double(row % 3) + 0.5 }, accuracy: Float.promise * byRow)
    }

    /// In Float, e^-93.6 is a subnormal number with an error of 1.5e-5, which a large weight carries into the sum.
    func test_loss_largeWeightOfTinyLoss_within3e7() throws {
        let logits = [Float](repeating: 93.58964, count: 98)
        let targets = [Float](repeating: 1, count: 98)
        var weights = logits.indices.map { 0.25 + Float($0 % 5) }
        weights[70] = 6.3e11
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        let loss = OptionOracle().loss(logit: Reference(logits[0]), 1, weight: 1, positive: 1)
        let expected = Double(weights.reduce(Reference(0)) { $0 + Reference($1) * loss })
        let batch = try LossBatch(logits: logits.span, targets: targets.span)
            .weighted(byElement: weights.span)
        XCTAssertEqual(try sum.loss(batch), expected, accuracy: 3e-7 * expected)
        let report = try sum.report(batch)
        XCTAssertEqual(report.loss, expected, accuracy: 3e-7 * expected)
    }

    func test_positiveWeights_byElement_multiplyThoseByColumn() throws {
        let byElement = item.predictions.indices.map { Float($0 % 4) / 2 }
        let byColumn: [Double] = [1, 0.5, 3, 1, 1, 2, 0]
        let batch = try LossBatch(logits: item.predictions.span, targets: item.targets.span, columns: columns)
            .positivesWeighted(byElement: byElement.span)
        let loss = try BinaryCrossEntropy(reduction: .sum, positiveWeight: 2)
        let oracle = OptionOracle(positiveWeight: 2)
        for both in [false, true] {
            let exact = item.predictions.indices.map { index in
                oracle.loss(
                    logit: Reference(item.predictions[index]), Reference(item.targets[index]), weight: 1,
                    positive: Reference(Double(byElement[index]) * (both ? byColumn[index % columns] : 1)))
            }
            let weighted = both ? try batch.positivesWeighted(byColumn: byColumn.span) : batch
            let total = Double(exact.reduce(0, +))
            XCTAssertEqual(try loss.loss(weighted), total, accuracy: Float.promise * total)
            for (loss, exact) in zip(try loss.losses(weighted), exact) {
                XCTAssertEqual(Double(loss), Double(exact), accuracy: 6 * Double(Float(exact).ulp))
            }
        }
    }

    func test_weightedBy_productThatOverflows_isRefused() throws {
        let x: [Float] = [1]
        let batch = try LossBatch(logits: x.span, targets: x.span).weighted(by: 1e300)
        do {
            _ = try batch.weighted(by: -1e300)
            XCTFail("a weight of -infinity")
        } catch {
            XCTAssertEqual(
                error, .invalidOption(option: "weight", value: -.infinity, allowed: "a finite number"))
        }
    }

    func test_weightedMean_broadcast_dividesByTheirSum() throws {
        let row = (0..<rows).map { Double($0 % 3) }
        let batch = try LossBatch(logits: item.predictions.span, targets: item.targets.span, columns: columns)
            .weighted(byRow: row.span)
        let sum = try BinaryCrossEntropy.exact.with(reduction: .sum).loss(batch)
        let mean = try BinaryCrossEntropy.exact.with(reduction: .weightedMean).loss(batch)
        XCTAssertEqual(mean, sum / (row.reduce(0, +) * Double(columns)), accuracy: 1e-15)
    }

    func test_anything_weightsOfOne_changeNoBit() throws {
        let loss = BinaryCrossEntropy.exact
        let ones = [Float](repeating: 1, count: rows * columns)
        let all = [Bool](repeating: true, count: rows * columns)
        let batch = try LossBatch(logits: item.predictions.span, targets: item.targets.span, columns: columns)
        let weighted = try batch.weighted(by: 1).weighted(byElement: ones.span)
            .weighted(byRow: ones.span.extracting(0..<rows)).weighted(
                byColumn: ones.span.extracting(0..<columns)
            )
            .positivesWeighted(byColumn: ones.span.extracting(0..<columns)).masked(by: all.span)
        for reduction in BinaryCrossEntropy.Reduction.allCases {
            let loss = loss.with(reduction: reduction)
            XCTAssertEqual(try loss.loss(batch), try loss.loss(weighted))
            XCTAssertEqual(try loss.gradient(batch), try loss.gradient(weighted))
        }
        XCTAssertEqual(try loss.losses(batch), try loss.losses(weighted))
        XCTAssertEqual(try loss.rowLosses(batch), try loss.rowLosses(weighted))
    }

    func test_weightZero_infiniteLoss_countsNothing() throws {
        let batch = try LossBatch(logits: [Float.infinity, 0].span, targets: [0, 1].span as Span<Float>)
            .weighted(byElement: [0, 2].span as Span<Float>)
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        XCTAssertEqual(try sum.loss(batch), 2 * log(2.0), accuracy: 2 * Float.promise)
        XCTAssertEqual(try sum.gradient(batch), [0, -1])
        let none = try LossBatch(logits: [Float(1), 0].span, targets: [0, 1].span as Span<Float>)
            .weighted(byElement: [0, 0].span as Span<Float>)
        XCTAssertTrue(try sum.with(reduction: .weightedMean).loss(none).isNaN)
        XCTAssertEqual(try sum.with(reduction: .mean).loss(none), 0)
    }

    /// Equal losses are the worst case: the error of one, below 3 ulp or 1.8e-7, does not average out.
    func test_loss_equalWeightedElements_within2e7() throws {
        let weights = (0..<8192).map { Float(1 + $0 % 3) }
        var worst = (0.0, Float.nan)
        for step in 0..<2000 {
            let x = Float(step) / 100 - 10
            let (logits, targets) = (
                [Float](repeating: x, count: 8192), [Bool](repeating: step % 2 == 0, count: 8192)
            )
            let batch = try LossBatch(logits: logits.span, targets: targets.span).weighted(
                byElement: weights.span)
            let exact = Double(ReferenceLoss.logit(x, targets[0] ? 1 : 0))
            let mean = try BinaryCrossEntropy.exact.with(reduction: .weightedMean).loss(batch)
            if abs(mean / exact - 1) > worst.0 { worst = (abs(mean / exact - 1), x) }
        }
        print("weighted, constant Float logits: \(worst)")
        XCTAssertLessThan(worst.0, 2e-7, "x = \(worst.1)")
    }

    func test_mask_everyForm_leavesElementsOut() throws {
        let count = 1003
        var item = Case<Double>.logits(spread: 3, .random, count: count, seed: 42)
        let keeps = (0..<count).map { $0 % 3 != 1 }
        let (x, t) = (
            keeps.indices.filter { keeps[$0] }.map { item.predictions[$0] },
            keeps.indices.filter { keeps[$0] }.map { item.targets[$0] }
        )
        // Elements that do not count may have any value.
        for index in 0..<count where !keeps[index] {
            item.predictions[index] = index % 2 == 0 ? .nan : .infinity
        }
        let bytes = keeps.map { UInt8($0 ? 3 : 0) }
        let packed = pack(keeps)
        var missing = item.targets
        for index in 0..<count where !keeps[index] { missing[index] = .nan }
        let sentinel = missing.map { $0.isNaN ? -1 : $0 }
        let exact = BinaryCrossEntropy.exact
        let mean = try exact.loss(logits: x, targets: t)
        let batch = try LossBatch(logits: item.predictions.span, targets: item.targets.span)
        let expectedGradient = try exact.gradient(logits: x, targets: t)
        for result in try [
            exact.loss(batch.masked(by: keeps.span)), exact.loss(batch.masked(by: bytes.span)),
            exact.loss(batch.masked(byPacked: packed.span)),
            exact.with(missingTargets: .nan).loss(logits: item.predictions, targets: missing),
            exact.with(missingTargets: .value(-1)).loss(logits: item.predictions, targets: sentinel),
        ] { XCTAssertEqual(result, mean, accuracy: 1e-14 * mean) }
        let gradient = try exact.gradient(batch.masked(by: keeps.span))
        XCTAssertTrue(keeps.indices.allSatisfy { keeps[$0] || gradient[$0] == 0 })
        for (a, b) in zip(keeps.indices.filter { keeps[$0] }.map { gradient[$0] }, expectedGradient) {
            XCTAssertEqual(a, b, accuracy: 4 * b.ulp)
        }
        let losses = try exact.losses(batch.masked(by: keeps.span))
        XCTAssertTrue(keeps.indices.allSatisfy { keeps[$0] ? losses[$0] > 0 : losses[$0] == 0 })
        let nothing = [Bool](repeating: false, count: count)
        XCTAssertTrue(try exact.loss(batch.masked(by: nothing.span)).isNaN)
    }

    func test_rowLosses_everyReduction_areTheRowsAlone() throws {
        let weights = item.predictions.indices.map { Float($0 % 4) }
        let keeps = item.predictions.indices.map { $0 % 5 != 2 }
        let packed = pack(item.targets.map { $0 == 1 })
        let packedKeeps = pack(keeps)
        for reduction in BinaryCrossEntropy.Reduction.allCases {
            let loss = BinaryCrossEntropy.exact.with(reduction: reduction)
            let all = try LossBatch(
                logits: item.predictions.span, packedTargets: packed.span, columns: columns
            )
            .weighted(byElement: weights.span).masked(byPacked: packedKeeps.span)
            let plain = try LossBatch(
                logits: item.predictions.span, packedTargets: packed.span, columns: columns)
            let (rowLosses, plainLosses) = try (loss.rowLosses(all), loss.rowLosses(plain))
            for row in 0..<rows {
                let range = row * columns..<(row + 1) * columns
                let alone = try LossBatch(
                    logits: item.predictions.span.extracting(range),
                    targets: item.targets.span.extracting(range))
                let withAll = try alone.weighted(byElement: weights.span.extracting(range))
                    .masked(by: keeps.span.extracting(range))
                // Bits that begin elsewhere in a byte are staged and summed by another kernel, which causes 4
                // roundings.
                for (loss, expected) in try [
                    (plainLosses[row], loss.loss(alone)), (rowLosses[row], loss.loss(withAll)),
                ] { XCTAssertEqual(loss, expected, accuracy: 4 * expected.ulp, "row \(row)") }
            }
        }
    }
}

/// Packs bits into bytes; the first bit is the lowest bit of the first byte.
func pack(_ bits: [Bool]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 1 << UInt8(index % 8) }
    return bytes
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Targets and predictions in every storage format give the same results as the expanded arrays.
final class StorageTests: XCTestCase {
    /// Lengths around a byte, a vector and a tile; the last one also runs on several threads.
    private let counts = [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000, 8191, 8193, 20_003, 600_001]

    func test_everyResult_packedAndByteTargets_sameBitsAsFloats() throws {
        for count in counts {
            let item = Case<Float>.logits(spread: 3, .random, count: count, seed: 51)
            let bools = item.targets.map { $0 == 1 }
            // The bits after the last one are not examined.
            var packed = pack(bools)
            if count % 8 != 0 { packed[packed.count - 1] |= 0xff << UInt8(count % 8) }
            let probabilities = item.predictions.map { 1 / (1 + exp(-$0)) }
            let loss = BinaryCrossEntropy.exact.with(reduction: .sum)
            let x = item.predictions.span
            let floats = try sums(LossBatch(logits: x, targets: item.targets.span), loss)
            let ofBools = try sums(LossBatch(logits: x, targets: bools.span), loss)
            let ofBits = try sums(LossBatch(logits: x, packedTargets: packed.span), loss)
            XCTAssertEqual(floats, ofBools, "n = \(count)")
            XCTAssertEqual(floats, ofBits, "n = \(count)")
            let p = probabilities.span
            let ofFloats = try sums(LossBatch(probabilities: p, targets: item.targets.span), loss)
            let ofPacked = try sums(LossBatch(probabilities: p, packedTargets: packed.span), loss)
            XCTAssertEqual(ofFloats, ofPacked, "n = \(count)")
        }
    }

    func test_everyResult_halfPredictions_areThoseOfTheirFloats() throws {
        for count in counts.prefix(14) {
            let item = Case<Float>.logits(spread: 3, .random, count: count, seed: 52)
            let half = item.predictions.map { Float16($0) }
            let bfloat = item.predictions.map { BFloat16(bitPattern: UInt16($0.bitPattern >> 16)) }
            let loss = BinaryCrossEntropy.exact.with(reduction: .sum)
            let fromHalf = half.map { Float($0) }
            let fromBFloat = bfloat.map { Float($0) }
            let t = item.targets.span
            let halves = try sums(LossBatch(logits: half.span, targets: t), loss)
            let halvesAsFloats = try sums(LossBatch(logits: fromHalf.span, targets: t), loss)
            assertAlike(halves, halvesAsFloats, count)
            let bfloats = try sums(LossBatch(logits: bfloat.span, targets: t), loss)
            let bfloatsAsFloats = try sums(LossBatch(logits: fromBFloat.span, targets: t), loss)
            assertAlike(bfloats, bfloatsAsFloats, count)
        }
    }

    /// Halves are converted and summed block by block; if a tile has several blocks, their sums are rounded in Double.
    private func assertAlike(_ sums: [Double], _ expected: [Double], _ count: Int) {
        for (sum, expected) in zip(sums, expected) {
            XCTAssertTrue(
                sum == expected || sum.isNaN && expected.isNaN || abs(sum - expected) <= 4 * expected.ulp,
                "n = \(count): \(sum), expected \(expected)")
        }
    }

    /// Every bit pattern, including subnormal numbers, infinities and NaN.
    func test_losses_everyHalf_areThoseOfItsFloat() throws {
        let halves = (0...UInt16.max).map { Float16(bitPattern: $0) }
        let targets = halves.indices.map { UInt8($0 & 1) }
        let losses = try BinaryCrossEntropy.exact.losses(logits: halves, targets: targets)
        let expected = try BinaryCrossEntropy.exact.losses(logits: halves.map { Float($0) }, targets: targets)
        for (index, loss) in losses.enumerated() {
            XCTAssertTrue(loss == expected[index] || loss.isNaN && expected[index].isNaN, "\(halves[index])")
        }
    }

    func test_loss_floatLogitsWithDoubleTargets_takesTheTargetsAsExact() throws {
        // If the target were rounded to Float, it would be 1, and the loss would be e^-30 = 9.4e-14.
        let logits = [Float](repeating: 30, count: 100)
        let targets = [Double](repeating: 1 - 1e-9, count: 100)
        let exact = Double(ReferenceLoss.logit(30.0, 1 - 1e-9))
        let loss = BinaryCrossEntropy.exact
        XCTAssertEqual(try loss.loss(logits: logits, targets: targets), exact, accuracy: 1e-7 * exact)
        XCTAssertEqual(
            try Double(loss.losses(logits: logits, targets: targets)[0]), exact, accuracy: 1e-7 * exact)
        let gradient = try loss.with(reduction: .sum).gradient(logits: logits, targets: targets)[50]
        XCTAssertEqual(Double(gradient), 1 / (1 + exp(-30.0)) - (1 - 1e-9), accuracy: 1e-15)
    }
}

/// The reduced loss, and the sums of losses and gradient.
private func sums<P>(_ batch: borrowing LossBatch<P>, _ loss: BinaryCrossEntropy) throws -> [Double] {
    [
        try loss.loss(batch), try loss.losses(batch).reduce(0) { $0 + Double($1) },
        try loss.gradient(batch).reduce(0) { $0 + Double($1) },
    ]
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import XCTest

@testable import CrossEntropy

/// Which batches and groups can be added, and which are refused.
final class GroupedBatchTests: XCTestCase {
    private let exact = BinaryCrossEntropy.exact
    private let logits: [Double] = [0.5, -2, 3, 1, -1, 0.25]

    private func sums<T: LossTarget, G: GroupNumber>(
        _ batch: ArrayBatch<Double, T>, _ groups: [G], _ groupCount: Int = 3
    ) throws -> GroupedLosses {
        var total = GroupedLosses(groupCount: groupCount)
        try exact.add(batch, groups: groups, to: &total)
        return total
    }

    func test_add_everyTypeOfTargetsAndGroups_sameBits() throws {
        let numbers = [0, 2, 0, 1, 2, 2]
        let labels = [1, 0, 0, 1, 1, 0]
        let expected = try sums(ArrayBatch(logits: logits, targets: labels.map { Double($0) }), numbers)
        XCTAssertEqual((0..<3).map { expected[$0].count }, [2, 1, 3])
        XCTAssertEqual((0..<3).map { expected[$0].targetSum }, [1, 1, 1])
        XCTAssertEqual(
            expected, try sums(ArrayBatch(logits: logits, targets: labels), numbers.map { UInt8($0) }))
        XCTAssertEqual(
            expected,
            try sums(
                ArrayBatch(logits: logits, targets: labels.map { UInt8($0) }), numbers.map { UInt16($0) }))
        XCTAssertEqual(
            expected,
            try sums(ArrayBatch(logits: logits, targets: labels.map { $0 == 1 }), numbers.map { UInt32($0) }))
        XCTAssertEqual(
            expected,
            try sums(ArrayBatch(logits: logits, targets: labels.map { Float($0) }), numbers.map { Int32($0) })
        )
        let (logits, bits) = (logits, [0b011001] as [UInt8])
        var packed = GroupedLosses(groupCount: 3)
        try exact.add(
            LossBatch(logits: logits.span, packedTargets: bits.span), groups: numbers.span, to: &packed)
        XCTAssertEqual(expected, packed)
    }

    func test_add_matrix_groupsAreThoseOfRows() throws {
        let targets = [1, 0, 0, 1, 1, 0]
        let rowWeights = [2, 0.5, 3]
        let columnWeights = [1, 4.0]
        let matrix = ArrayBatch(
            logits: logits, targets: targets, columns: 2, rowWeights: rowWeights, columnWeights: columnWeights
        )
        let elements = ArrayBatch(
            logits: logits, targets: targets, weights: [2, 8, 0.5, 2, 3, 12] as [Double])
        XCTAssertEqual(try sums(matrix, [2, 0, 2]), try sums(elements, [2, 2, 0, 0, 2, 2]))
    }

    func test_add_matrixWithGaps_isThatWithoutGaps() throws {
        let (rows, columns, stride) = (300, 29, 40)
        let all = Case<Double>.logits(spread: 2, .random, count: rows * stride, seed: 311)
        let close = all.withoutGaps(rows, columns, stride)
        let groups = (0..<rows).map { $0 % 7 }
        let x = try MatrixView(all.predictions.span, rows: rows, columns: columns, rowStride: stride)
        let t = try MatrixView(all.targets.span, rows: rows, columns: columns, rowStride: stride)
        var gaps = GroupedLosses(groupCount: 7)
        try exact.add(LossBatch(logits: x, targets: t), groups: groups.span, to: &gaps)
        let dense = try sums(
            ArrayBatch(logits: close.predictions, targets: close.targets, columns: columns), groups, 7)
        XCTAssertEqual(gaps, dense, all.name)
    }

    func test_add_noElements_isNothing() throws {
        let nothing = ArrayBatch(logits: [Double](), targets: [Double]())
        let total = try sums(nothing, [Int](), 2)
        XCTAssertEqual(total, GroupedLosses(groupCount: 2))
        XCTAssertEqual(total[1].sum, 0)
        XCTAssertTrue(total[1].mean.isNaN && total[1].standardError(.mean).isNaN)
    }

    func test_add_numberOfNoGroup_isRefusedAndAddsNothing() throws {
        let batch = ArrayBatch(logits: logits, targets: [1, 0, 0, 1, 1, 0])
        var total = try sums(batch, [0, 1, 2, 0, 1, 2])
        let before = total
        func assertRefused(_ value: Double, _ add: () throws -> Void) {
            XCTAssertThrowsError(try add()) {
                XCTAssertEqual(
                    $0 as? CrossEntropyError,
                    .valueOutOfDomain(argument: "groups", index: 4, value: value, domain: "[0, 3)"))
            }
        }
        assertRefused(3) { try exact.add(batch, groups: [0, 1, 2, 0, 3, 9], to: &total) }
        assertRefused(-1) { try exact.add(batch, groups: [0, 1, 2, 0, -1, 1] as [Int32], to: &total) }
        assertRefused(255) { try exact.add(batch, groups: [0, 1, 2, 0, 255, 1] as [UInt8], to: &total) }
        assertRefused(4_294_967_295) {
            try exact.add(batch, groups: [0, 1, 2, 0, .max, 1] as [UInt32], to: &total)
        }
        assertRefused(0x1p63) { try exact.add(batch, groups: [0, 1, 2, 0, .max, 1] as [Int], to: &total) }
        XCTAssertThrowsError(try exact.add(batch, groups: [0, 1], to: &total)) {
            XCTAssertEqual(
                $0 as? CrossEntropyError, .countMismatch(argument: "groups", count: 2, expected: 6))
        }
        XCTAssertEqual(total, before)
    }

    func test_add_elementOutsideItsDomain_isRefusedAndAddsNothing() throws {
        let count = 20_000
        let groups = (0..<count).map { $0 % 3 }
        var targets = [Double](repeating: 0.5, count: count)
        targets[17_777] = 1.5
        var total = GroupedLosses(groupCount: 3)
        let good = [Double](repeating: 0.25, count: count)
        let refused = CrossEntropyError.valueOutOfDomain(
            argument: "targets", index: 17_777, value: 1.5, domain: "[0, 1]")
        for batch in [
            ArrayBatch(logits: good, targets: targets), ArrayBatch(probabilities: good, targets: targets),
        ] {
            XCTAssertThrowsError(try exact.add(batch, groups: groups, to: &total)) {
                XCTAssertEqual($0 as? CrossEntropyError, refused)
            }
        }
        XCTAssertThrowsError(
            try exact.add(ArrayBatch(probabilities: targets, targets: good), groups: groups, to: &total)
        ) {
            XCTAssertEqual(
                $0 as? CrossEntropyError, .outsideUnitInterval("probabilities", 17_777, 1.5))
        }
        XCTAssertEqual(total, GroupedLosses(groupCount: 3))
        let unchecked = try exact.with(domainChecks: .unchecked)
        try unchecked.add(ArrayBatch(logits: good, targets: targets), groups: groups, to: &total)
        XCTAssertEqual(
            total[2].targetSum, Double(total[2].count - 1) / 2 + 1, "a target of 1.5 is added as 1")
        var masked = ArrayBatch(logits: good, targets: targets)
        masked.mask = targets.map { $0 <= 1 }
        try exact.add(masked, groups: groups, to: &total)
        XCTAssertEqual(total.count, 2 * count - 1)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyBLAS
import TestSupport
import XCTest

/// Matrices of targets of every type, with gaps between their rows.
final class TargetTypeTests: XCTestCase {
    private let (rows, columns, stride) = (23, 3, 5)

    /// Targets of 0 or 1, with `between` in the gaps.
    private func targets<T: StoredTarget>(_: T.Type, between: T? = nil) -> [T] {
        (0..<rows * stride).map { index in
            index % stride < columns ? T(nearest: Double(index * 7 % 5 / 3)) : between ?? T(nearest: 0)
        }
    }

    private func pairwiseLosses<T: LossTarget>(_ targets: [T], _ bce: BinaryCrossEntropy) throws -> [Double] {
        let logits = (0..<4 * columns).map { Double($0 * 5 % 11) / 2 - 2 }
        var losses = [Double](repeating: .nan, count: 4 * rows)
        let x = try MatrixView(logits.span, rows: 4, columns: columns)
        let t = try MatrixView(targets.span, rows: rows, columns: columns, rowStride: stride)
        var output = try MutableMatrixView(losses.mutableSpan, rows: 4, columns: rows)
        try bce.writePairwiseLosses(logits: x, targets: t, into: &output)
        return losses
    }

    /// The value and the gradient for one label per column of the targets.
    private func objective<T: LossTarget>(_ targets: [T], _ bce: BinaryCrossEntropy) throws -> [Double] {
        let features = (0..<rows * 2).map { Double($0 * 13 % 17) / 8 - 1 }
        let parameters = (0..<columns * 3).map { Double($0 % 4) / 4 - 0.25 }
        var gradient = parameters
        let x = try MatrixView(features.span, rows: rows, columns: 2)
        let t = try MatrixView(targets.span, rows: rows, columns: columns, rowStride: stride)
        var span = gradient.mutableSpan
        let value = try LogisticObjective(features: x, targets: t, loss: bce)
            .value(parameters.span, writingGradientInto: &span)
        return [value] + gradient
    }

    func test_everyResult_everyTypeOfTargets_isThatOfDoubles() throws {
        for bce in [BinaryCrossEntropy.exact, try .exact.with(focal: .init(gamma: 2))] {
            let losses = try pairwiseLosses(targets(Double.self), bce)
            let numbers = try objective(targets(Double.self), bce)
            func check<T: StoredTarget>(_: T.Type) throws {
                let targets = targets(T.self, between: T.outside.first)
                for (result, expected) in [
                    (try pairwiseLosses(targets, bce), losses), (try objective(targets, bce), numbers),
                ] {
                    for (number, expected) in zip(result, expected) {
                        XCTAssertEqual(number, expected, accuracy: 1e-14 * max(1, abs(expected)), "\(T.self)")
                    }
                }
            }
            for type in targetTypes { try check(type) }
        }
    }

    func test_everyCall_oneTargetOutside_isRefusedWithItsValue() throws {
        func check<T: StoredTarget>(_: T.Type) throws {
            for (value, row) in T.outside.flatMap({ value in [0, 11, rows - 1].map { (value, $0) } }) {
                var targets = targets(T.self)
                targets[row * stride + 1] = value
                let calls: [([T], BinaryCrossEntropy) throws -> [Double]] = [pairwiseLosses, objective]
                for call in calls {
                    XCTAssertThrowsError(try call(targets, .exact), "\(T.self) row \(row)") {
                        XCTAssertEqual(
                            $0 as? CrossEntropyError,
                            .valueOutOfDomain(
                                argument: "targets", index: row * columns + 1, value: value.number,
                                domain: "[0, 1]"))
                    }
                }
            }
        }
        for type in targetTypes { try check(type) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels
import TestSupport
import XCTest

@testable import CrossEntropy

/// Targets of every type: values outside [0, 1] are rejected, and all others give the same results as targets of the
/// predictions' type.
final class TargetTypeTests: XCTestCase {
    func test_everyCall_oneTargetOutside_isRefusedWithItsValueAtEveryLevel() throws {
        for type in targetTypes {
            try checkRefusals(Float.self, type)
            try checkRefusals(Double.self, type)
        }
    }

    private func checkRefusals<P: LossScalar, T: StoredTarget>(_: P.Type, _: T.Type) throws {
        let options = try optionsOfEveryRoute()
        var step = 0
        for (level, value) in KernelLevel.available.flatMap({ level in T.outside.map { (level, $0) } }) {
            for count in [1, 100, 1000] {
                for index in [0, count / 2, count - 1] {
                    step += 1
                    let (optionName, bce) = options[step % options.count]
                    let predictions = [P](repeating: 0.25, count: count)
                    var targets = (0..<count).map { T(nearest: $0 % 3 == 0 ? 1 : 0) }
                    targets[index] = value
                    for every in EveryCall<P, T>.all {
                        let name =
                            "\(every.name) of \(count) \(P.self), \(T.self) targets, \(optionName), \(level)"
                        assertRefused("targets", index, value.number, "\(name), logits") {
                            try every.call(
                                bce.at(level: level), ArrayBatch(logits: predictions, targets: targets))
                        }
                        assertRefused("targets", index, value.number, "\(name), probabilities") {
                            try every.call(
                                bce.at(level: level), ArrayBatch(probabilities: predictions, targets: targets)
                            )
                        }
                    }
                }
            }
        }
    }

    /// A missing value is rounded to the targets' type, by the lanes of every route and outside the kernels. If it becomes
    /// a label or infinite, no target is missing.
    func test_everyCall_missingValue_isThatOfTheTargetsType() throws {
        let values = [-1, -1.1, -0.1, -99.9, 1.1, 2.5, 1 + 1e-12, -1e-60, -1e-7, 1e5, 1e39, -1e300]
        for type in targetTypes {
            for value in values {
                try checkMissing(Float.self, type, value)
                try checkMissing(Double.self, type, value)
            }
        }
    }

    private func checkMissing<P: LossScalar, T: StoredTarget>(_: P.Type, _: T.Type, _ value: Double) throws {
        let stored = T(nearest: value)
        let isMissing =
            stored.number.isFinite && !(0...1).contains(stored.number)
            && (T.holds(value) || T.isSoft)
        guard isMissing || (0...1).contains(stored.number) else { return }
        let missing = try BinaryCrossEntropy(missingTargets: .value(value))
        for (logit, count) in [(2, 3), (.infinity, 3), (2, 9000)] as [(P, Int)] {
            let logits: [P] = [0.5, -1] + [P](repeating: logit, count: count - 2)
            let targets: [T] = [T(nearest: 0), stored] + [T](repeating: T(nearest: 1), count: count - 2)
            let name = "\(T.self) targets, \(value) is missing, \(P.self) logits, the last \(logit)"
            let expected =
                isMissing
                ? try BinaryCrossEntropy.exact.loss(
                    logits: [logits[0]] + logits[2...], targets: [targets[0]] + targets[2...])
                : try BinaryCrossEntropy.exact.loss(logits: logits, targets: targets)
            let tolerance = 1e-6 * expected
            XCTAssertEqual(
                try missing.loss(logits: logits, targets: targets), expected, accuracy: tolerance, name)
            let batch = ArrayBatch(logits: logits, targets: targets, columns: 1)
            XCTAssertEqual(try missing.columnLosses(batch)[0], expected, accuracy: tolerance, name)
            for every in EveryCall<P, T>.all {
                XCTAssertNoThrow(try every.call(missing, batch), "\(every.name), \(name)")
            }
            var groups = GroupedLosses(groupCount: 1)
            try missing.add(batch, groups: [UInt8](repeating: 0, count: count), to: &groups)
            XCTAssertEqual(groups[0].count, isMissing ? count - 1 : count, name)
        }
    }

    /// Float lanes would round both integers to 2^32.
    func test_loss_missingValueBeyondFloat_isNotItsNeighbor() throws {
        let missing = try BinaryCrossEntropy.exact.with(missingTargets: .value(4_294_967_295))
        func check<T: FixedWidthInteger & LossTarget>(_: T.Type) throws {
            for count in [3, 100, 9000] {
                let logits: [Float] = [0.5, -1] + [Float](repeating: 2, count: count - 2)
                var targets: [T] = [0, 4_294_967_295] + [T](repeating: 1, count: count - 2)
                let mean = try BinaryCrossEntropy.exact.loss(
                    logits: [0.5] + logits[2...], targets: [0] + targets[2...])
                for every in EveryCall<Float, T>.all {
                    XCTAssertNoThrow(try every.call(missing, ArrayBatch(logits: logits, targets: targets)))
                }
                XCTAssertEqual(
                    try missing.loss(logits: logits, targets: targets), mean, accuracy: 1e-7 * mean)
                targets[1] = 4_294_967_294
                for every in EveryCall<Float, T>.all {
                    assertRefused("targets", 1, 4_294_967_294, "\(every.name) of \(T.self)") {
                        try every.call(missing, ArrayBatch(logits: logits, targets: targets))
                    }
                }
            }
        }
        try check(UInt32.self)
        try check(UInt64.self)
        try check(Int64.self)
    }
}

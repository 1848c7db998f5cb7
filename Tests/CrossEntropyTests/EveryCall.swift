// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import XCTest

/// The calls whose result covers all elements of a batch. Calls that add a batch to sums also check that a batch that
/// is rejected leaves the sums unchanged.
struct EveryCall<Prediction: LossPrediction, Target: LossTarget> {
    typealias Batch = ArrayBatch<Prediction, Target>

    let name: String
    let call: (BinaryCrossEntropy, Batch) throws -> Void

    static var all: [EveryCall] {
        [
            EveryCall(name: "loss") { _ = try $0.loss($1) },
            EveryCall(name: "losses") { _ = try $0.losses($1) },
            EveryCall(name: "gradient") { _ = try $0.gradient($1) },
            EveryCall(name: "loss and gradient") { bce, batch in
                var gradient: [Prediction.LossResult] = []
                try bce.loss(batch, gradient: &gradient)
            },
            EveryCall(name: "row losses") { _ = try $0.rowLosses($1) },
            EveryCall(name: "column losses") { _ = try $0.columnLosses($1) },
            EveryCall(name: "report") { _ = try $0.report($1) },
            adding("accumulator", to: { LossAccumulator() }) { try $0.add($1, to: &$2) },
            adding("groups", to: { GroupedLosses(groupCount: 1) }) { bce, batch, total in
                let groups = [UInt8](repeating: 0, count: batch.predictions.count)
                try bce.add(batch, groups: groups, to: &total)
            },
            adding("evaluation", to: { try BinaryEvaluation() }) { try $0.add($1, to: &$2) },
        ]
    }

    private static func adding<Total: Equatable>(
        _ name: String, to empty: @escaping () throws -> Total,
        _ add: @escaping (BinaryCrossEntropy, Batch, inout Total) throws -> Void
    ) -> EveryCall {
        EveryCall(name: name) { bce, batch in
            var total = try empty()
            do {
                try add(bce, batch, &total)
            } catch {
                XCTAssertEqual(total, try empty(), "\(name) after \(error)")
                throw error
            }
        }
    }
}

/// Options that together use every route of the kernels.
func optionsOfEveryRoute() throws -> [(name: String, options: BinaryCrossEntropy)] {
    let exact = BinaryCrossEntropy.exact
    return [
        ("plain", exact), ("smoothing", try exact.with(labelSmoothing: 0.1)),
        ("positive weight", try exact.with(positiveWeight: 3)),
        ("focal", try exact.with(focal: .init(gamma: 2, alpha: 0.25))),
        ("missing", try exact.with(missingTargets: .nan)), ("pyTorch", .pyTorch),
        ("weighted mean", exact.with(reduction: .weightedMean)),
    ]
}

func assertRefused(
    _ argument: String, _ index: Int, _ value: Double, _ name: @autoclosure () -> String,
    _ body: () throws -> Void
) {
    let expected = CrossEntropyError.valueOutOfDomain(
        argument: argument, index: index, value: value, domain: "[0, 1]")
    XCTAssertThrowsError(try body(), name()) {
        XCTAssertEqual($0 as? CrossEntropyError, expected, name())
    }
}

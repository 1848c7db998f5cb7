// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// Equal sums have the same bytes, regardless of how they were added up.
final class StateOrderTests: XCTestCase {
    private func assertSameBytes<S: MergeableSums>(
        _ parts: [S], _ name: String, _ generator: inout SplitMix64
    ) throws {
        var states: Set<[UInt8]> = []
        for _ in 0..<10 {
            var tree = parts
            while tree.count > 1 {
                tree.shuffle(using: &generator)
                // The part that is merged is serialized first, as if it came from another machine.
                let last = try S(serialized: tree.removeLast().serialized().span)
                try tree[0].merge(last)
            }
            states.insert(tree[0].serialized())
        }
        XCTAssertEqual(states.count, 1, name)
    }

    func test_serialized_partsMergedInAnyOrder_sameBytes() throws {
        let problem = GroupProblem(count: 3000, groupCount: 7, seed: 411)
        var generator = SplitMix64(seed: 412)
        let parts = (0..<12).map { part in
            (indices: Array(part * 250..<(part + 1) * 250), isWeighted: part % 3 != 0)
        }
        for keepsReport in [false, true] {
            let accumulators = try parts.map { part in
                var sums = LossAccumulator(keepsReport: keepsReport)
                try problem.options.add(problem.arrays(weighted: part.isWeighted, part.indices), to: &sums)
                return sums
            }
            try assertSameBytes(accumulators, "accumulators, seeds 411 and 412", &generator)
        }
        let groups = try parts.map { part in
            var sums = GroupedLosses(groupCount: 7)
            try problem.options.add(
                problem.arrays(weighted: part.isWeighted, part.indices),
                groups: part.indices.map { problem.groups[$0] }, to: &sums)
            return sums
        }
        try assertSameBytes(groups, "groups, seeds 411 and 412", &generator)
        let evaluations = try parts.map { part in
            var sums = try BinaryEvaluation()
            try problem.options.add(problem.arrays(weighted: part.isWeighted, part.indices), to: &sums)
            return sums
        }
        try assertSameBytes(evaluations, "evaluations, seeds 411 and 412", &generator)
    }

    /// An exact sum carries its digits only occasionally, so sums that are equal may have different chunks, for example
    /// after values have canceled.
    func test_serialized_sumsThatCancel_areThoseOfNothing() throws {
        let logits = (0..<5000).map { Double($0 % 100) - 50 }
        let targets = logits.map { $0 > 0 }
        func accumulator(_ weights: [Double]) throws -> LossAccumulator {
            var sums = LossAccumulator()
            try BinaryCrossEntropy.exact.add(
                ArrayBatch(logits: logits, targets: targets, weights: weights), to: &sums)
            return sums
        }
        let weights = logits.indices.map { Double($0) * 1e-20 }
        var cancelled = try accumulator(weights)
        try cancelled.merge(accumulator(weights.map { -$0 }))
        var nothing = LossAccumulator()
        for _ in 0..<2 { try nothing.merge(accumulator(weights.map { _ in 0 })) }
        XCTAssertEqual(cancelled, nothing)
        XCTAssertEqual(cancelled.serialized(), nothing.serialized())
    }

    /// Groups whose weights are all 1 are equal to groups without weights.
    func test_serialized_weightsOfOne_areNotWritten() throws {
        // With the larger number of elements, a batch is added in slabs.
        for count in [1000, 1 << 18] {
            let problem = GroupProblem(count: count, groupCount: 5, seed: 413)
            let (plain, ones, doubled) = try (
                groups(problem, weights: nil), groups(problem, weights: 1), groups(problem, weights: 2)
            )
            XCTAssertEqual(ones.serialized(), plain.serialized(), "\(count) elements, seed 413")
            XCTAssertGreaterThan(doubled.serialized().count, plain.serialized().count)
        }
    }

    private func groups(_ problem: GroupProblem, weights: Float?) throws -> GroupedLosses {
        var problem = problem
        if let weights { problem.weights = problem.weights.map { _ in weights } }
        var sums = GroupedLosses(groupCount: problem.groupCount)
        try problem.options.add(
            problem.arrays(weighted: weights != nil), groups: problem.groups, to: &sums)
        return sums
    }
}

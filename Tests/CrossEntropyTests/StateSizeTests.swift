// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// The largest sizes of states. The largest sums are forged, because adding them up would take years.
final class StateSizeTests: XCTestCase {
    private func assertIsRead<S: MergeableSums>(
        _ kind: Character, _ integers: [UInt128], as type: S.Type, mostBytes: Int
    ) throws {
        let state = ForgedState.state(kind, sums: integers.flatMap(ForgedState.integer))
        XCTAssertLessThanOrEqual(state.count, mostBytes)
        XCTAssertEqual(try S(serialized: state.span).serialized(), state)
    }

    /// A reproducible sum whose three chunks have the lowest values that `count` terms can give, and with every kind of
    /// value that is not finite.
    private func largest(_ count: UInt128) -> [UInt128] {
        // -2^84 units per term, and 2 (i - 1) + 1 is written for -i.
        [1 + 63 + 64 * 7] + [UInt128](repeating: 2 * (count << 84 - 1) + 1, count: 3)
    }

    func test_accumulator_largestSums_takesAtMost2048Bytes() throws {
        let ones = UInt128(UInt32.max)
        // 2^63 - 1 terms below 2^1152 are below 2^1215, which is bit 2,417.
        let exact = [2, 0, 76] + [UInt128](repeating: ones, count: 75) + [1 << 17 - 1]
        try assertIsRead(
            "a", [UInt128(Int.max)] + exact + exact + [0], as: LossAccumulator.self, mostBytes: 2048)
        // With a report, there are at most 2^42 terms, whose sum is below bit 2,397.
        let (most, elements) = (1 << 42 as UInt128, UInt128(Int.max))
        let fewer = [2, 0, 75] + [UInt128](repeating: ones, count: 74) + [1 << 29 - 1]
        let report = [largest(most), largest(most), largest(most), largest(most)].flatMap { $0 }
        try assertIsRead(
            "a", [most] + fewer + fewer + [1] + report + [elements, most, most], as: LossAccumulator.self,
            mostBytes: 1063)
    }

    func test_evaluation_largestSums_takesLessThanTwoMegabytes() throws {
        let most = 1 << 42 as UInt128
        // Every group has as many elements as the others, and every bin as many terms as its group.
        func histogram(bins: Int, groups: Int) -> [UInt128] {
            let (each, rest) = most.quotientAndRemainder(dividingBy: UInt128(groups))
            let labels = (0..<2 * bins).flatMap { _ -> [UInt128] in [0] + largest(each) }
            let parts = (0..<groups).flatMap { index -> [UInt128] in
                [0, each + (index == 0 ? rest : 0)] + largest(each) + largest(each)
            }
            return labels + parts
        }
        let losses = [most] + [0, 0, 1] + [0, 0, 0, 0] + [most, 0, 0]
        try assertIsRead(
            "e",
            [1000] + losses + histogram(bins: 13_952, groups: 218) + histogram(bins: 1000, groups: 1000)
                + largest(most),
            as: BinaryEvaluation.self, mostBytes: 2_000_000)
    }

    func test_groups_eightElementsEach_takeAsManyBytesAsDocumented() throws {
        let problem = GroupProblem(count: 80_000, groupCount: 10_000, seed: 441)
        for (isWeighted, most) in [(false, 55), (true, 115)] {
            var groups = GroupedLosses(groupCount: problem.groupCount)
            try problem.options.add(
                problem.arrays(weighted: isWeighted), groups: problem.groups, to: &groups)
            let state = groups.serialized()
            XCTAssertLessThan(state.count, most * problem.groupCount, "seed 441")
            groups.extend(to: problem.groupCount + 3000)
            XCTAssertEqual(groups.serialized().count, state.count + 3000, "one byte for an empty group")
        }
    }
}

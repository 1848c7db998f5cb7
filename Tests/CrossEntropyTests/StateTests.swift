// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// The states of accumulators, groups and evaluations: reading a state gives the sums that wrote it, and sums have only
/// one state.
final class StateTests: XCTestCase {
    private func copy<S: MergeableSums>(_ sums: S) throws -> S { try S(serialized: sums.serialized().span) }

    func test_serialized_anySums_areReadExactly() throws {
        func check(_ sums: some MergeableSums, _ name: String) throws {
            let copy = try copy(sums)
            XCTAssertEqual(copy, sums, name)
            XCTAssertEqual(copy.serialized(), sums.serialized(), name)
            // Adding to both again gives equal sums.
            var (doubled, expected) = (copy, sums)
            try doubled.merge(sums)
            try expected.merge(sums)
            XCTAssertEqual(doubled, expected, name)
            XCTAssertEqual(doubled.serialized(), expected.serialized(), name)
        }
        for (name, sums) in try SampleSums.all(seed: 401) { try check(sums, name) }
    }

    func test_serialized_differentSums_differ() throws {
        let states = try SampleSums.all(seed: 402).map { $0.sums.serialized() }
        XCTAssertEqual(Set(states).count, states.count, "seed 402")
    }

    /// Compares the results, not only the sums from which they are computed.
    func test_serialized_readBack_hasTheSameResults() throws {
        for (name, sums) in try SampleSums.accumulators(seed: 403) {
            let copy = try copy(sums)
            XCTAssertEqual(copy.count, sums.count, name)
            XCTAssertEqual(copy.sum.bitPattern, sums.sum.bitPattern, name)
            XCTAssertEqual(copy.weightSum.bitPattern, sums.weightSum.bitPattern, name)
            // The results are compared as text, because NaN is not equal to itself.
            for reduction in [BinaryCrossEntropy.Reduction.sum, .mean, .weightedMean] {
                XCTAssertEqual("\(copy.report(reduction) as Any)", "\(sums.report(reduction) as Any)", name)
            }
        }
        for (name, sums) in try SampleSums.groups(seed: 403) {
            let copy = try copy(sums)
            XCTAssertEqual(copy.count, sums.count, name)
            for group in 0..<sums.groupCount {
                XCTAssertEqual(results(copy[group]), results(sums[group]), "\(name), group \(group)")
            }
        }
        for (name, sums) in try SampleSums.evaluations(seed: 403) {
            let copy = try copy(sums)
            XCTAssertEqual(copy.count, sums.count, name)
            XCTAssertEqual("\(copy.areaUnderROC)", "\(sums.areaUnderROC)", name)
            XCTAssertEqual("\(copy.logOddsReliability)", "\(sums.logOddsReliability)", name)
            XCTAssertEqual("\(copy.reliability)", "\(sums.reliability)", name)
            XCTAssertEqual(copy.brierScore.bitPattern, sums.brierScore.bitPattern, name)
        }
    }

    private func results(_ loss: GroupLoss) -> [UInt64] {
        [
            Double(loss.count), loss.sum, loss.targetSum, loss.weightSum, loss.standardError(.mean),
            loss.standardError(.weightedMean),
        ].map(\.bitPattern)
    }

    /// States that were assembled by hand from the description of the format. Later versions must be able to read them.
    func test_serialized_knownSums_areTheBytesOfTheFormat() throws {
        XCTAssertEqual(ForgedState.checksum("foobar".utf8), 0x8594_4171_f739_67e8, "a published test vector")
        let accumulator = try JSONDecoder().decode(
            LossAccumulator.self,
            from: Data(#"{"losses":"0x3p-1170","weights":"-0x5p-1138","count":300}"#.utf8))
        XCTAssertEqual(
            accumulator.serialized(),
            [0x62, 0x63, 0x65, 0x73, 0x75, 0x6d, 0x61, 1, 35, 0, 0, 0, 0, 0, 0, 0]
                + [0xac, 2, 1, 1, 1, 3, 2, 2, 1, 5, 0]
                + [0x79, 0x0d, 0xb1, 0x04, 0x7d, 0xf8, 0xb6, 0x87])
        let groups = try JSONDecoder().decode(
            GroupedLosses.self,
            from: Data(#"{"groups":["","1 8388608 32:0:b17217f8:0:0 31:-a:1:0:2"]}"#.utf8))
        XCTAssertEqual(
            ForgedState.sums(of: groups.serialized()),
            [2, 0, 2, 0x80, 0x80, 0x80, 4] + [33, 0, 0xf0, 0xdf, 0x90, 0x97, 0x16, 0] + [0xa0, 1, 0, 2, 19])
        // All bins are empty: 27,904 labels and 218 groups of logits, and two labels and one group of probabilities.
        let evaluation = try BinaryEvaluation(binCount: 1)
        let report = [UInt8](repeating: 0, count: 7)
        XCTAssertEqual(
            ForgedState.sums(of: evaluation.serialized()),
            [1] + [0, 0, 0, 1] + report + [0x80, 0xda, 1, 0xda, 1] + [2, 1] + [0])
    }
}

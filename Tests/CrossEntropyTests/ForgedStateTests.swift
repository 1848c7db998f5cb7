// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// States that have a correct checksum but cannot have been written by any sums.
final class ForgedStateTests: XCTestCase {
    private func read<S: MergeableSums>(
        _ kind: Character, _ sums: [UInt8], as type: S.Type
    ) throws(CrossEntropyError) -> S {
        try S(serialized: ForgedState.state(kind, sums: sums).span)
    }

    private func problem<S: MergeableSums>(_ kind: Character, _ sums: [UInt8], as type: S.Type) -> String? {
        do {
            _ = try read(kind, sums, as: S.self)
        } catch .invalidState(_, let problem) {
            return problem
        } catch {
            XCTFail("\(error)")
        }
        return nil
    }

    /// Each integer has only one encoding, and only states that sums can write are read.
    func test_read_anyByteOfTheSumsChanged_isRefusedOrWrittenAgain() throws {
        func check<S: MergeableSums>(_ kind: Character, _ samples: [(String, S)]) {
            for (name, sample) in samples {
                let sums = ForgedState.sums(of: sample.serialized())
                for index in sums.indices {
                    for bit in 0..<8 {
                        var forged = sums
                        forged[index] ^= 1 << UInt8(bit)
                        guard let read = try? read(kind, forged, as: S.self) else { continue }
                        let message = "\(name), bit \(bit) of byte \(index), seed 431"
                        XCTAssertEqual(ForgedState.sums(of: read.serialized()), forged, message)
                        XCTAssertNotEqual(read, sample, message)
                    }
                }
            }
        }
        check("a", try SampleSums.accumulators(seed: 431))
        check("g", try SampleSums.groups(seed: 431))
        var evaluation = try BinaryEvaluation(binCount: 2)
        let batch = ArrayBatch(logits: [0.5, -3, 41], targets: [1, 0.25, 1], weights: [1, 2, 0.1])
        try BinaryCrossEntropy.exact.add(batch, to: &evaluation)
        check("e", [("evaluation", evaluation)])
    }

    func test_read_sumsThatEndEarlyOrLate_areRefused() throws {
        func check<S: MergeableSums>(_ kind: Character, _ sample: S) {
            let sums = ForgedState.sums(of: sample.serialized())
            for count in sums.indices {
                XCTAssertNotNil(problem(kind, Array(sums[..<count]), as: S.self), "\(kind), \(count) bytes")
            }
            XCTAssertEqual(problem(kind, sums + [0], as: S.self), "bytes after the sums: 1")
        }
        check("a", LossAccumulator(keepsReport: true))
        check("g", GroupedLosses(groupCount: 3))
        check("e", try BinaryEvaluation())
    }

    /// The integers in a state are written as the description of the format says.
    private func assertProblems<S: MergeableSums>(
        _ kind: Character, _ type: S.Type, _ cases: [(sums: [UInt128], problem: String?)]
    ) {
        for (sums, expected) in cases {
            XCTAssertEqual(problem(kind, sums.flatMap(ForgedState.integer), as: S.self), expected, "\(sums)")
        }
    }

    func test_read_impossibleAccumulator_isRefused() {
        let beyondInt = 1 << 63 as UInt128
        assertProblems(
            "a", LossAccumulator.self,
            [
                ([1, 1, 1, 1, 3, 0, 0], nil),
                ([beyondInt, 0, 0, 0], "byte 0 of the sums: \(beyondInt) is above \(Int.max)"),
                ([0, 1, 1, 1, 3, 0, 0], "losses: too large for 0 elements"),
                ([0, 0, 3, 0], "weights: too large for 0 elements"),
                ([1, 1, 75, 1, 3, 0, 0], "losses: too large for 1 elements"),
                ([1, 6, 0, 0], "an exact sum of the unknown form 6"),
                ([1, 1, 0, 1 << 62], "an exact sum of \(1 << 62) digits, expected at most 76"),
                ([1, 1, 1, 0, 0, 0], "0 digits from digit 1 on are not an exact sum"),
                ([1, 1, 1, 1, 0, 0, 0], "1 digits from digit 1 on are not an exact sum"),
                ([1, 1, 1, 2, 5, 0, 0, 0], "2 digits from digit 1 on are not an exact sum"),
                ([1, 1, 75, 2, 1, 1, 0, 0], "2 digits from digit 75 on are not an exact sum"),
                ([1, 1, 1 << 62, 1, 1, 0, 0], "1 digits from digit \(1 << 62) on are not an exact sum"),
                ([1, 1, 75, 1, 1 << 31, 0, 0], "1 digits from digit 75 on are not an exact sum"),
                ([1, 1, 1, 1, 1 << 32], "byte 4 of the sums: \(1 << 32) is above \(UInt32.max)"),
                ([1, 0, 0, 2], "2 reports, expected 0 or 1"),
            ])
    }

    func test_read_impossibleReport_isRefused() {
        // The sum of one value is at most 2^84 units of a chunk, and twice the number is written.
        let (largest, tooLarge) = (1 << 85 as UInt128, 1 << 85 + 2 as UInt128)
        assertProblems(
            "a", LossAccumulator.self,
            [
                ([1, 0, 0, 1, 33, 0, 0, largest, 0, 0, 0, 1, 1, 1], nil),
                (
                    [1, 0, 0, 1, 33, 0, 0, tooLarge, 0, 0, 0, 1, 1, 1],
                    "report: roundedLosses: too large for 1 elements"
                ),
                ([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], "report: elements: 0 is below the count 1"),
                ([1, 0, 0, 1, 0, 0, 0, 0, 1, 2, 0], "report: clipped: 2 is not in 0...1"),
                ([1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 2], "report: saturated: 2 is not in 0...1"),
            ])
    }

    /// Sums at the limit of what is read can be reported and, where they belong to bins, added to each other. (Those of
    /// bins are checked one by one, so that together they are more than any elements can have.)
    func test_report_largestSumsThatAreRead_doesNotOverflow() throws {
        let (most, largest) = (1 << 42 as UInt128, 1 << 127 as UInt128)
        let sum = [64, largest, largest, largest]
        let losses = [most, 0, 0, 1] + sum + sum + sum + sum + [most, 0, 0]
        let accumulator = try read("a", losses.flatMap(ForgedState.integer), as: LossAccumulator.self)
        XCTAssertEqual(accumulator.report(.mean)?.count, 1 << 42)

        let group = [0, most] + sum + sum
        var state: [UInt128] = [1] + losses
        for _ in 0..<128 { state += [0] + sum }
        state += [27_904 - 128] + group + [217]
        state += [0] + sum + [1] + group + sum
        let evaluation = try read("e", state.flatMap(ForgedState.integer), as: BinaryEvaluation.self)
        XCTAssertEqual(evaluation.logOddsReliability.map(\.count), [1 << 42])
        XCTAssertEqual(evaluation.reliability.map(\.count), [1 << 42])
    }

    func test_read_integerOfAnotherForm_isRefused() {
        let reason = "of the sums does not end an integer of 128 bits"
        for (bytes, end) in [
            ([0x80, 0], 1), ([0x81, 0x80, 0], 2), ([UInt8](repeating: 0xff, count: 30), 18),
            ([UInt8](repeating: 0xff, count: 18) + [4], 18),
        ] as [([UInt8], Int)] {
            XCTAssertEqual(
                problem("a", bytes + [0, 0, 0], as: LossAccumulator.self), "byte \(end) \(reason)", "\(bytes)"
            )
        }
    }

    func test_read_impossibleGroups_areRefused() {
        // 1 is 2^82 units of the highest chunk.
        let one = 1 << 83 as UInt128
        let impossible = "groups[0]: impossible sums of 1 elements"
        assertProblems(
            "g", GroupedLosses.self,
            [
                ([2, 2, 0, 0, 0, 1 << 43 - 2, 0, 0, 0], nil),
                ([2, 2, 0, 0, 0, 1 << 43, 0, 0, 0], "groups[1]: the counts exceed 2^42"),
                ([1 << 31], "groups: \(1 << 31) of them in 0 bytes"),
                ([1 << 31 + 1], "groups: more than 2^31"), ([1 << 62], "groups: more than 2^31"),
                ([3, 0, 0], "groups: 3 of them in 2 bytes"),
                ([1, 1, 0, 0, 0], "groups[0]: impossible sums of 0 elements"),
                ([1, 2, 1 << 24 + 1, 0, 0], impossible),
                ([1, 2, 0, 33, 1 << 85 + 2, 0, 0, 0], impossible),
                ([1, 2, 0, 0, 1, 0, 0, 0], "a reproducible sum of nothing that is not 0"),
                ([1, 2, 0, 0, 513, 0, 0, 0], "a reproducible sum that begins with 513"),
                ([1, 3, 0, 0, 0, 32, 0, 0, one, 0, 32, 0, 0, one + 2], nil),
                (
                    [1, 3, 0, 0, 0, 32, 0, 0, one, 0, 32, 0, 0, one],
                    "weights[0]: impossible sums of 1 weights"
                ),
            ])
    }

    func test_read_impossibleEvaluation_isRefused() {
        let losses: [UInt128] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
        let start = [1] + losses
        let noLogits = start + [27_904, 218]
        assertProblems(
            "e", BinaryEvaluation.self,
            [
                (noLogits + [2, 1, 0], nil),
                ([0], "binCount: 0 is not from 1 to 1000"), ([1001], "binCount: 1001 is not from 1 to 1000"),
                ([1, 0, 0, 0, 0, 27_904, 218, 2, 1, 0], "losses: no report is kept"),
                (start + [27_905], "27905 empty bins after bin 0 of 27904"),
                (start + [1 << 62], "\(1 << 62) empty bins after bin 0 of 27904"),
                (start + [5, 0], "bin 5 is written and empty"),
                (start + [0, 32, 0, 0, 2, 27_903, 218, 2, 1, 0], "byLogit: not the sums of 0 elements"),
                (start + [27_904, 0, 1, 0, 0, 217, 2, 1, 0], "byLogit: not the sums of 0 elements"),
                (noLogits + [2, 0, 1, 0, 0, 0], "byProbability: not the sums of 0 elements"),
                (noLogits + [2, 1, 32, 0, 0, 2], "squaredError: not the sums of 0 elements"),
            ])
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport
import XCTest

/// States that were damaged in transit are rejected, and the error says what is wrong.
final class StateDamageTests: XCTestCase {
    private func problem<S: MergeableSums>(_ bytes: [UInt8], as type: S.Type) -> String? {
        do {
            _ = try S(serialized: bytes.span)
        } catch .invalidState(let argument, let problem) {
            XCTAssertEqual(argument, "serialized")
            return problem
        } catch {
            XCTFail("\(error)")
        }
        return nil
    }

    func test_read_anyByteChanged_isRefused() throws {
        func check<S: MergeableSums>(_ sums: S, _ name: String) {
            let state = sums.serialized()
            for index in state.indices {
                var damaged = state
                for change in 1...255 as ClosedRange<UInt8> {
                    damaged[index] = state[index] ^ change
                    XCTAssertNotNil(
                        problem(damaged, as: S.self), "\(name), byte \(index) changed by \(change)")
                }
            }
        }
        for (name, sums) in try SampleSums.all(seed: 421) { check(sums, name) }
    }

    func test_read_anyNumberOfBytesMissing_isRefused() throws {
        func check<S: MergeableSums>(_ sums: S, _ name: String) {
            let state = sums.serialized()
            for count in state.indices {
                XCTAssertNotNil(problem(Array(state[..<count]), as: S.self), "\(name), \(count) bytes")
                let padded = state[..<count] + [UInt8](repeating: 0, count: 2048)
                // The last bytes of a checksum may themselves be 0.
                guard !padded.starts(with: state) else { continue }
                XCTAssertNotNil(problem(Array(padded), as: S.self), "\(name), \(count) bytes and zeros")
            }
        }
        for (name, sums) in try SampleSums.all(seed: 422) { check(sums, name) }
    }

    func test_read_bytesThatFollow_mustBeZero() throws {
        func check<S: MergeableSums>(_ sums: S, _ name: String) throws {
            let state = sums.serialized()
            for count in [1, 7, 8, 2048] {
                var longer = state + [UInt8](repeating: 0, count: count)
                XCTAssertEqual(try S(serialized: longer.span), sums, "\(name), \(count) bytes of 0")
                longer[longer.count - 1] = 1
                XCTAssertEqual(
                    problem(longer, as: S.self),
                    "byte \(longer.count - 1), after its end, is 1, expected 0", name)
            }
            XCTAssertNotNil(problem(state + state, as: S.self), name)
        }
        for (name, sums) in try SampleSums.all(seed: 423) { try check(sums, name) }
    }

    func test_read_whatIsNoState_isDescribed() throws {
        let state = LossAccumulator().serialized()
        let json = Array(try JSONEncoder().encode(LossAccumulator()))
        var (unknown, newer, damaged, short) = (state, state, state, state)
        (unknown[6], newer[7], damaged[20]) = (0x7a, 2, 9)
        short[8] = 23
        for (bytes, expected) in [
            ([], "0 bytes, fewer than the 24 of the smallest state"),
            ([UInt8](repeating: 0, count: 2048), "byte 0 is 0, expected 98"),
            (json, "byte 0 is 123, expected 98"),
            (
                GroupedLosses(groupCount: 3).serialized(),
                "that of a GroupedLosses, expected a LossAccumulator"
            ),
            (unknown, "byte 6 is 122, expected 97"), (newer, "format version is 2, expected 1"),
            (state.dropLast(), "27 bytes of a state that has 28"), (short, "28 bytes of a state that has 23"),
            (damaged, "its checksum does not match"),
        ] as [([UInt8], String)] {
            XCTAssertEqual(problem(bytes, as: LossAccumulator.self), expected)
        }
        XCTAssertEqual(
            problem(state, as: BinaryEvaluation.self),
            "that of a LossAccumulator, expected a BinaryEvaluation")
        let error = CrossEntropyError.invalidState(
            argument: "serialized", problem: "27 bytes of a state that has 28")
        XCTAssertEqual(
            error.description, "serialized is no valid state: 27 bytes of a state that has 28")
    }
}

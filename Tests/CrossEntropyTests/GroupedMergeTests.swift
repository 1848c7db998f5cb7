// SPDX-License-Identifier: Apache-2.0

import TestSupport
import XCTest

@testable import CrossEntropy

/// Merging and encoding of losses by group.
final class GroupedMergeTests: XCTestCase {
    private func sums(_ problem: GroupProblem, weighted: Bool = true) throws -> GroupedLosses {
        var total = GroupedLosses(groupCount: problem.groupCount)
        try problem.options.add(problem.arrays(weighted: weighted), groups: problem.groups, to: &total)
        return total
    }

    func test_merge_groupsNumberedSeparately_addsEachToItsNumber() throws {
        let problem = GroupProblem(count: 4000, groupCount: 4, seed: 321)
        let other = try sums(problem)
        var total = GroupedLosses(groupCount: 6)
        try total.merge(other, as: [5, 0, 5, 2])
        var expected = GroupedLosses(groupCount: 6)
        try problem.options.add(
            problem.arrays(), groups: problem.groups.map { [5, 0, 5, 2][Int($0)] }, to: &expected)
        XCTAssertEqual(total, expected, "seed 321")
        XCTAssertEqual(total.count, other.count)
        XCTAssertEqual(total[1], GroupedLosses(groupCount: 1)[0])
    }

    func test_merge_numbersOfNoGroup_areRefusedAndChangeNothing() throws {
        let other = try sums(GroupProblem(count: 100, groupCount: 3, seed: 322))
        var total = other
        for (numbers, error) in [
            ([0, 3, 1], .valueOutOfDomain(argument: "numbers", index: 1, value: 3, domain: "[0, 3)")),
            ([0, 1, -1], .valueOutOfDomain(argument: "numbers", index: 2, value: -1, domain: "[0, 3)")),
            ([0, 1], .countMismatch(argument: "numbers", count: 2, expected: 3)),
        ] as [([Int], CrossEntropyError)] {
            XCTAssertThrowsError(try total.merge(other, as: numbers)) {
                XCTAssertEqual($0 as? CrossEntropyError, error)
            }
        }
        XCTAssertEqual(total, other)
    }

    func test_merge_moreGroups_extends() throws {
        var few = try sums(GroupProblem(count: 500, groupCount: 2, seed: 323))
        var many = try sums(GroupProblem(count: 500, groupCount: 9, seed: 324))
        let (a, b) = (few, many)
        try few.merge(b)
        try many.merge(a)
        XCTAssertEqual(few.groupCount, 9)
        XCTAssertEqual(few, many)
        XCTAssertEqual(few[8], b[8])
        many.extend(to: 3)
        XCTAssertEqual(many, few)
        many.extend(to: 12)
        XCTAssertEqual(many[11].count, 0)
        XCTAssertNotEqual(many, few)
        XCTAssertEqual(a.groupCount, 2, "a copy is not extended with the original")
    }

    func test_encode_anyGroups_areDecodedExactly() throws {
        for isWeighted in [false, true] {
            var total = try sums(GroupProblem(count: 999, groupCount: 11, seed: 325), weighted: isWeighted)
            total.extend(to: 13)
            var decoded = try JSONDecoder().decode(GroupedLosses.self, from: JSONEncoder().encode(total))
            XCTAssertEqual(decoded, total)
            XCTAssertEqual(decoded.count, total.count)
            try decoded.merge(total)
            XCTAssertEqual(decoded[4].count, 2 * total[4].count)
            XCTAssertEqual(decoded[4].sum, 2 * total[4].sum)
        }
    }

    func test_decode_whatNoGroupsHold_isRefused() throws {
        let good = "1 8388608 32:0:b17217f8:0:0 31:7a68e3b8:1:0:0"
        func decode(_ groups: [String], _ weights: [String]? = nil) throws -> GroupedLosses {
            let object = ["groups": groups].merging(weights.map { ["weights": $0] } ?? [:]) { first, _ in
                first
            }
            return try JSONDecoder().decode(
                GroupedLosses.self, from: JSONSerialization.data(withJSONObject: object))
        }
        let one = "32:1:0:0:0"
        XCTAssertEqual(try decode([good, ""])[0].targetSum, 0.5)
        XCTAssertEqual(try decode([good, ""], ["\(one) \(one) \(one)", ""]).groupCount, 2)
        for (what, groups, weights) in [
            ("a count of 0", [good.replacing("1 83", with: "0 83")], nil),
            ("a negative count", ["-" + good], nil),
            ("more targets than elements", [good.replacing("8388608", with: "16777217")], nil),
            ("negative targets", [good.replacing("8388608", with: "-1")], nil),
            (
                "a chunk too large for its count",
                [good.replacing("b17217f8", with: "1000000000000000000001")], nil
            ),
            ("no such chunk", [good.replacing("32:0", with: "65:0")], nil),
            ("another form of a number", [good.replacing("1 83", with: "01 83")], nil),
            ("too few sums", ["1 0 \(one)"], nil), ("no numbers", ["a b c d"], nil),
            ("a count that overflows", ["\(1 << 42) 0 \(one) \(one)", good], nil),
            ("weights of another number of groups", [good], [String]()),
            ("weights of no elements", [""], ["\(one) \(one) \(one)"]),
            ("no weights of elements", [good], [""]),
            ("too few sums of weights", [good], ["\(one) \(one)"]),
        ] as [(String, [String], [String]?)] {
            XCTAssertThrowsError(try decode(groups, weights), what) {
                guard case DecodingError.dataCorrupted(let context) = $0 else {
                    return XCTFail("\(what): \($0)")
                }
                let key = weights == nil ? "groups" : "weights"
                XCTAssertTrue(context.debugDescription.hasPrefix(key), "\(what): \(context.debugDescription)")
            }
        }
    }

    func test_merge_countsBeyondInt_isRefusedAndChangesNothing() throws {
        let text = #"{"groups":["\#(1 << 42) 0 32:1:0:0:0 32:1:0:0:0"]}"#
        var total = try JSONDecoder().decode(GroupedLosses.self, from: Data(text.utf8))
        let before = total
        let error = CrossEntropyError.tooManyElements(argument: "groups", count: 1 << 42, added: 1)
        let one = ArrayBatch(logits: [1.0], targets: [true])
        XCTAssertThrowsError(try BinaryCrossEntropy.exact.add(one, groups: [0], to: &total)) {
            XCTAssertEqual($0 as? CrossEntropyError, error)
        }
        var other = GroupedLosses(groupCount: 2)
        try BinaryCrossEntropy.exact.add(one, groups: [1], to: &other)
        XCTAssertThrowsError(try total.merge(other)) { XCTAssertEqual($0 as? CrossEntropyError, error) }
        XCTAssertEqual(total, before)
    }
}

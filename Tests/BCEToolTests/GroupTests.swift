// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import XCTest

/// `bce loss --by`: the losses of groups of rows.
final class GroupTests: XCTestCase {
    private struct Row {
        let group: String
        let prediction: Double
        let target: Double
        let weight: Double

        /// The loss with its weight.
        var loss: Double { -weight * (target == 1 ? log(prediction) : log(1 - prediction)) }
    }

    /// Rows of groups of very different sizes, with names that need quotes.
    private func rows(_ count: Int, groups: Int, seed: UInt64) -> [Row] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let number = min(random.below(groups), random.below(groups))
            return Row(
                group: number % 5 == 0 ? "a \"\(number)\", b" : "key\(number)",
                prediction: Double(1 + random.below(998)) / 1000, target: Double(random.below(2)),
                weight: Double(1 + random.below(8)) / 4)
        }
    }

    private func write(_ rows: [Row], to name: String, _ tool: Tool) throws {
        let lines = rows.map { row in
            let name = "\"" + row.group.replacingOccurrences(of: "\"", with: "\"\"") + "\""
            return "\(name),\(row.prediction),\(Int(row.target)),\(row.weight)\n"
        }
        try tool.write(name, "k,p,t,w\n" + lines.joined())
    }

    private let columns = ["--prediction", "p", "--target", "t", "--by", "k"]

    func test_loss_byGroup_isTheLossOfItsRows() throws {
        let tool = try Tool()
        let seed: UInt64 = 5
        let rows = rows(3000, groups: 40, seed: seed)
        try write(rows, to: "log.csv", tool)
        let json = try tool.json(
            "log.csv", "--prediction", "p", "--target", "t", "--weight", "w", "--by", "k")
        let groups = try XCTUnwrap(json["groups"] as? [[String: Any]])
        let expected = Dictionary(grouping: rows, by: \.group)
        XCTAssertEqual(Set(groups.compactMap { $0["group"] as? String }), Set(expected.keys))
        XCTAssertEqual(json["groupCount"] as? Int, expected.count)
        let total = rows.reduce(0) { $0 + $1.loss }
        for group in groups {
            let name = try XCTUnwrap(group["group"] as? String)
            let members = try XCTUnwrap(expected[name])
            let count = Double(members.count)
            let mean = members.reduce(0) { $0 + $1.loss } / count
            let squares = members.reduce(0) { $0 + ($1.loss - mean) * ($1.loss - mean) }
            let note = "seed \(seed), group \(name)"
            XCTAssertEqual(group["count"] as? Int, members.count, note)
            XCTAssertEqual(group["positives"] as? Double, members.reduce(0) { $0 + $1.target }, note)
            XCTAssertEqual(try XCTUnwrap(group["loss"] as? Double), mean, accuracy: 1e-12 * mean, note)
            if members.count > 1 {
                XCTAssertEqual(
                    try XCTUnwrap(group["standardError"] as? Double),
                    (squares / (count - 1) / count).squareRoot(),
                    accuracy: 1e-10, note)
            }
            XCTAssertEqual(
                try XCTUnwrap(group["share"] as? Double), mean * count / total, accuracy: 1e-12, note)
        }
        let shares = groups.compactMap { $0["share"] as? Double }
        XCTAssertEqual(shares, shares.sorted(by: >))
    }

    func test_loss_topGroups_areThoseWithTheLargestShare() throws {
        let tool = try Tool()
        try write(rows(3000, groups: 40, seed: 6), to: "log.csv", tool)
        let all = try tool.run(["loss", "log.csv"] + columns)
        let top = try tool.run(["loss", "log.csv", "--top", "3"] + columns)
        XCTAssertEqual(all.status, 0, all.error)
        let lines = { (text: String) in
            text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        }
        XCTAssertEqual(Array(lines(top.output).prefix(5)), Array(lines(all.output).prefix(5)))
        XCTAssertEqual(lines(top.output).last, "(3 of 40 groups)")
        XCTAssertEqual(lines(top.output).count, 6)
        XCTAssertEqual(lines(all.output)[1], "group rows positives loss standard error share")
    }

    func test_loss_manyGroups_giveTheSameForAnyNumberOfThreads() throws {
        let tool = try Tool()
        try write(rows(60_000, groups: 30_000, seed: 7), to: "log.csv", tool)
        let one = try tool.run(["loss", "log.csv", "--json", "--threads", "1"] + columns)
        for threads in ["2", "5"] {
            let result = try tool.run(["loss", "log.csv", "--json", "--threads", threads] + columns)
            // Not XCTAssertEqual, which would print megabytes.
            let expected = one.output.replacingOccurrences(
                of: "\"threads\":1", with: "\"threads\":\(threads)")
            XCTAssertTrue(result.output == expected, "with \(threads) threads")
        }
        let object = try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any]
        XCTAssertGreaterThan(try XCTUnwrap(object?["groupCount"] as? Int), 20_000)
    }

    /// A log that is sorted by user: how many groups a thread has seen depends on the blocks that it happened to read.
    func test_loss_sortedGroups_giveTheSameForAnyNumberOfThreads() throws {
        let tool = try Tool()
        var random = SplitMix64(seed: 9)
        let rows = (0..<100_000).map { "u\($0 / 7),\(random.unit()),\(random.below(2))\n" }
        try tool.write("log.csv", "k,p,t\n" + rows.joined())
        let one = try tool.run(["loss", "log.csv", "--threads", "1"] + columns)
        XCTAssertEqual(one.status, 0, one.error)
        for threads in ["2", "2", "3"] {
            // Not XCTAssertEqual, which would print megabytes.
            XCTAssertTrue(
                try tool.run(["loss", "log.csv", "--threads", threads] + columns).output == one.output,
                "with \(threads) threads")
        }
    }

    func test_loss_groupByTheTargets_readsTheColumnTwice() throws {
        let tool = try Tool()
        try tool.write("log.csv", "p,t\n0.1,0\n0.95,1\n0.2,0\n0.6,0\n")
        let json = try tool.json("log.csv", "--prediction", "p", "--target", "t", "--by", "t")
        let groups = try XCTUnwrap(json["groups"] as? [[String: Any]])
        XCTAssertEqual(groups.compactMap { $0["group"] as? String }, ["0", "1"])
        XCTAssertEqual(groups.compactMap { $0["count"] as? Int }, [3, 1])
        // A single row has no standard error.
        XCTAssertEqual(groups.last?["standardError"] as? String, "NaN")
    }

    func test_loss_strangeNames_areShownOnOneLine() throws {
        let tool = try Tool()
        try tool.write(
            "log.csv", Data("k,p,t\n\"a\nb\",0.5,1\n".utf8) + [0xFF, 0xFE] + Data(",0.5,1\n,0.5,1\n".utf8))
        let result = try tool.run(["loss", "log.csv"] + columns)
        XCTAssertEqual(result.status, 0, result.error)
        XCTAssertEqual(result.output.split(separator: "\n").count, 5, result.output)
    }
}

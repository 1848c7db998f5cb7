// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// The losses of groups in the figure of `bce evaluate --by`.
final class GroupPlotTests: XCTestCase {
    /// A .csv file with one row for each loss of each group. The target is 1, so that a prediction is exp(-loss).
    private func csv(_ groups: [(name: String, losses: [Double])]) -> String {
        "p,t,g\n"
            + groups.map { group in
                let name = group.name.replacingOccurrences(of: "\"", with: "\"\"")
                return group.losses.map { "\(exp(-$0)),1,\"\(name)\"\n" }.joined()
            }.joined()
    }

    private func plot(_ groups: [(name: String, losses: [Double])]) throws -> FigureXML {
        try Tool().plot(csv(groups), "--by", "g").only("groups")
    }

    private func names(_ panel: FigureXML) -> [String] { panel.all("group-name").map(\.text) }

    func test_groups_areSortedByTheirShareOfTheLoss() throws {
        let panel = try plot([
            ("small", [0.5, 0.5]), ("large", [3, 2, 1]), ("medium", [1, 1, 0.5, 0.5]),
        ])
        XCTAssertEqual(names(panel), ["large", "medium", "small"])
        XCTAssertEqual(
            panel.all("cell").map(\.text), ["3", "60.0%", "4", "30.0%", "2", "10.0%"], "rows and shares")
    }

    /// Coordinates are rounded to a hundredth of a pixel. Those of a point and of the two labels that the scale is
    /// taken from, which are at least a quarter of the axis apart, are off by at most 0.005 (1 + 2 * 4) pixels.
    private let rounding = 0.045

    func test_groups_dotsAndIntervals_areOnTheScaleOfTheLabels() throws {
        let groups = [("a", [3.0, 2, 1]), ("b", [1, 1, 0.5, 0.5]), ("c", [0.5, 0.4])]
        let panel = try plot(groups)
        let labels = panel.all("tick-label").map { (Double($0.text) ?? .nan, $0.number("x")) }
        XCTAssertGreaterThan(labels.count, 1)
        let scale = (labels.last!.1 - labels[0].1) / (labels.last!.0 - labels[0].0)
        let border = try panel.only("border")
        let borders = border.number("x")...border.number("x") + border.number("width")
        func pixel(_ loss: Double) -> Double { labels[0].1 + scale * (loss - labels[0].0) }
        for (group, (_, losses)) in zip(panel.all("group"), groups) {
            XCTAssertEqual(try group.only("point").number("cx"), pixel(losses.mean), accuracy: rounding)
            let squares = losses.map { ($0 - losses.mean) * ($0 - losses.mean) }
            let count = Double(losses.count)
            let half = 1.96 * (squares.sum / (count - 1) / count).squareRoot()
            let interval = try group.only("interval")
            XCTAssertEqual(
                interval.number("x1"), max(pixel(losses.mean - half), borders.lowerBound), accuracy: rounding)
            XCTAssertEqual(
                interval.number("x2"), min(pixel(losses.mean + half), borders.upperBound), accuracy: rounding)
        }
        let all = groups.flatMap(\.1)
        XCTAssertEqual(try panel.only("reference").number("x1"), pixel(all.mean), accuracy: rounding)
    }

    func test_groups_manyOfThem_areTheFirstTwenty() throws {
        let panel = try plot((0..<213).map { ("g\($0)", [1 + Double($0) / 100]) })
        XCTAssertEqual(names(panel), (0..<20).map { "g\(212 - $0)" })
        XCTAssertTrue(panel.all("note").contains { $0.text.hasPrefix("20 of 213 groups") })
    }

    func test_groups_infiniteLoss_isAnArrow() throws {
        let figure = try Tool().plot("p,t,g\n0,1,a\n0.5,1,a\n0.5,1,b\n", "--by", "g")
        XCTAssertTrue(figure.coordinates.allSatisfy(\.isFinite))
        let group = try XCTUnwrap(try figure.only("groups").all("group").first)
        XCTAssertEqual(try group.only("group-name").text, "a")
        XCTAssertEqual(try group.only("note").text, "inf")
        XCTAssertEqual(group.all("arrow-head").count, 1)
        XCTAssertEqual(group.all("point").count, 0)
        XCTAssertEqual(
            try figure.only("groups").all("reference").count, 0, "the loss of all rows is infinite")
    }

    func test_groups_hostileNames_areShownAndHarmless() throws {
        // Each name, and how it is shown.
        let shown: [(name: String, text: String)] = [
            ("<b>&\"'</b>", "<b>&\"'</b>"),
            ("]]>", "]]>"),
            ("&lt;", "&lt;"),
            ("a\u{1}\u{1B}[31m", "a\u{FFFD}\u{FFFD}[31m"),
            ("two\nlines", "two\u{FFFD}lines"),
            ("\u{202E}abc", "\u{FFFD}abc"),
            ("\u{FFFE}\u{FFFF}", "\u{FFFD}\u{FFFD}"),
            ("\u{645}\u{631}\u{62D}\u{628}\u{627}", "\u{645}\u{631}\u{62D}\u{628}\u{627}"),
            ("👨‍👩‍👧‍👦🎉", "👨‍👩‍👧‍👦🎉"),
            ("e" + String(repeating: "\u{301}", count: 50), "\u{FFFD}"),
            ("", "\"\""),
        ]
        let groups = shown.enumerated().map { ($0.element.name, [Double(20 - $0.offset)]) }
        XCTAssertEqual(names(try plot(groups)), shown.map(\.text))
    }

    func test_groups_longNames_endInAnEllipsis() throws {
        let names = names(
            try plot([
                (String(repeating: "W", count: 10_000), [2]), (String(repeating: "i", count: 500), [1]),
            ]))
        XCTAssertEqual(names.count, 2)
        for (name, letter) in zip(names, ["W", "i"] as [Character]) {
            XCTAssertEqual(name.last, "…")
            XCTAssertTrue(name.dropLast().allSatisfy { $0 == letter })
            XCTAssertTrue(8...40 ~= name.count, "\(name.count)")
        }
        XCTAssertLessThan(names[0].count, names[1].count, "a W is wider than an i")
    }

    func test_groups_invalidUTF8_isWellFormed() throws {
        let csv = Data("p,t,g\n0.5,1,".utf8) + [0xFF, 0xC0, 0x61] + Data("\n0.5,0,b\n".utf8)
        let panel = try Tool().plot(csv, ["--by", "g"]).only("groups")
        XCTAssertTrue(
            names(panel).contains { $0.hasPrefix("\u{FFFD}") && $0.hasSuffix("a") }, "\(names(panel))")
    }

    func test_withoutGroups_thereIsNoPanel() throws {
        let figure = try Tool().plot("p,t\n0.5,1\n0.25,0\n")
        XCTAssertEqual(figure.all("groups").count, 0)
        XCTAssertEqual(figure.all("reliability").count, 1)
    }
}

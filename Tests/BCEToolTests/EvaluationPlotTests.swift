// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// The reliability diagrams of `bce evaluate --plot`: what is drawn is read back from the file and compared with the
/// rows.
final class EvaluationPlotTests: XCTestCase {
    /// Coordinates are rounded to a hundredth of a pixel. Those of a point and of the two labels that the scale is
    /// taken from, which are at least a quarter of the axis apart, are off by at most 0.005 (1 + 2 * 4) pixels.
    private let rounding = 0.045

    private let rows = [
        LogRows(prediction: 0.05, count: 100, positives: 10),
        LogRows(prediction: 0.25, count: 200, positives: 50),
        LogRows(prediction: 0.625, count: 40, positives: 30),
    ]

    private func logOdds(_ p: Double) -> Double { log(p / (1 - p)) }

    /// Checks where the bins of a panel are, given the value of a probability on its axes.
    private func assertBins(
        _ figure: FigureXML, _ name: String, _ value: @escaping (Double) -> Double, line: UInt = #line
    ) throws {
        let panel = try figure.only(name)
        let below = try figure.only("\(name)-histogram").all("tick-label")
        let horizontal = try FigureAxis(below.filter { $0.attributes["text-anchor"] == "middle" }, "x", value)
        let vertical = try FigureAxis(panel.all("tick-label"), "y", value)
        // The line of a label is where the label's middle is, above its baseline.
        let grid = try XCTUnwrap(panel.all("grid").last)
        let baseline = try XCTUnwrap(panel.all("tick-label").last).number("y") - grid.number("y1")
        XCTAssertEqual(panel.all("bin").count, rows.count, line: line)
        for (bin, rows) in zip(panel.all("bin"), rows) {
            let point = try bin.only("point")
            let y = { vertical.pixel(value($0)) - baseline }
            XCTAssertEqual(
                point.number("cx"), horizontal.pixel(value(rows.prediction)), accuracy: rounding, line: line)
            XCTAssertEqual(point.number("cy"), y(rows.rate), accuracy: rounding, line: line)
            let interval = try XCTUnwrap(bin.all("interval").first)
            let ends = Self.wilson(rows.rate, count: Double(rows.count))
            XCTAssertEqual(interval.number("x1"), point.number("cx"), line: line)
            XCTAssertEqual(interval.number("x2"), point.number("cx"), line: line)
            XCTAssertEqual(interval.number("y1"), y(ends.lower), accuracy: rounding, line: line)
            XCTAssertEqual(interval.number("y2"), y(ends.upper), accuracy: rounding, line: line)
        }
    }

    /// The probabilities p of which the observed rate is 1.96 standard deviations sqrt(p (1 - p) / n) away (Wilson
    /// 1927), found by bisection.
    private static func wilson(_ rate: Double, count: Double) -> (lower: Double, upper: Double) {
        func end(_ outer: Double) -> Double {
            var (inside, outside) = (rate, outer)
            for _ in 0..<60 {
                let p = (inside + outside) / 2
                let isInside = abs(p - rate) < 1.959964 * (p * (1 - p) / count).squareRoot()
                if isInside { inside = p } else { outside = p }
            }
            return inside
        }
        return (end(0), end(1))
    }

    func test_reliability_points_areAtPredictionAndRate() throws {
        try assertBins(Tool.plot(rows), "reliability") { $0 }
    }

    func test_logOdds_points_areAtLogOddsOfPredictionAndRate() throws {
        try assertBins(Tool.plot(rows), "log-odds-reliability", logOdds)
    }

    func test_reliability_diagonal_joinsTheCorners() throws {
        let panel = try Tool.plot(rows).only("reliability")
        let (diagonal, border) = (try panel.only("diagonal"), try panel.only("border"))
        XCTAssertEqual(diagonal.number("x1"), border.number("x"))
        XCTAssertEqual(diagonal.number("y1"), border.number("y") + border.number("height"))
        XCTAssertEqual(diagonal.number("x2"), border.number("x") + border.number("width"))
        XCTAssertEqual(diagonal.number("y2"), border.number("y"))
    }

    func test_histogram_bars_areTheLogarithmOfTheShare() throws {
        let total = Double(rows.map(\.count).reduce(0, +))
        for name in ["reliability-histogram", "log-odds-reliability-histogram"] {
            let histogram = try Tool.plot(rows).only(name)
            let labels = histogram.all("tick-label").filter { $0.attributes["text-anchor"] == "end" }
            let axis = try FigureAxis(labels, "y", log10)
            let top = try histogram.only("border").number("y")
            let bars = histogram.all("bar")
            XCTAssertEqual(bars.count, rows.count)
            for (bar, rows) in zip(bars, rows) {
                let height = axis.pixel(log10(Double(rows.count) / total)) - axis.pixel(0)
                XCTAssertEqual(bar.number("y") - top, height, accuracy: rounding)
            }
        }
    }

    func test_oneRow_isDrawn() throws {
        for rows in [
            LogRows(prediction: 0.5, count: 1, positives: 1), LogRows(prediction: 0, count: 1, positives: 0),
        ] {
            let figure = try Tool.plot([rows])
            XCTAssertEqual(try figure.only("reliability").all("bin").count, 1)
            XCTAssertTrue(figure.coordinates.allSatisfy(\.isFinite))
        }
    }

    func test_header_containsTheLogLoss() throws {
        let rows = [LogRows(prediction: 0.5, count: 100, positives: 40)]
        let values = try Tool.plot(rows).only("header").all("measure-value").map(\.text)
        XCTAssertTrue(values.contains { $0.hasPrefix("0.693") }, "\(values)")
    }
}

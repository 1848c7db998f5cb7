// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// The reliability diagrams of `bce evaluate --plot`: what is drawn is read back from the file and compared with the
/// rows.
final class EvaluationPlotTests: XCTestCase {
    /// Coordinates are rounded to a hundredth of a pixel.
    private let rounding = 0.005 + 1e-9

    /// Rows with one prediction, the first of which are positive.
    private struct Rows {
        let prediction: Double
        let count: Int
        let positives: Int

        var rate: Double { Double(positives) / Double(count) }
    }

    private func plot(_ rows: [Rows]) throws -> FigureXML {
        let lines = rows.flatMap { rows in
            (0..<rows.count).map { "\(rows.prediction),\($0 < rows.positives ? 1 : 0)\n" }
        }
        return try Tool().plot("p,t\n" + lines.joined())
    }

    private let rows = [
        Rows(prediction: 0.05, count: 100, positives: 10), Rows(prediction: 0.25, count: 200, positives: 50),
        Rows(prediction: 0.625, count: 40, positives: 30),
    ]

    /// An axis, recovered from two of its labels.
    private struct Axis {
        let origin: (value: Double, pixel: Double)
        let scale: Double

        /// Labels are where their values are; those of a vertical axis are lower by the same distance.
        init(_ labels: [FigureXML], _ coordinate: String, _ value: (Double) -> Double) throws {
            let places = labels.map { label in
                (value: value(Self.probability(label.text)), pixel: label.number(coordinate))
            }
            let (first, last) = (try XCTUnwrap(places.first), try XCTUnwrap(places.last))
            XCTAssertGreaterThan(places.count, 2)
            origin = first
            scale = (last.pixel - first.pixel) / (last.value - first.value)
            for place in places {
                XCTAssertEqual(pixel(place.value), place.pixel, accuracy: 0.02, "labels are not on one scale")
            }
        }

        func pixel(_ value: Double) -> Double { origin.pixel + scale * (value - origin.value) }

        static func probability(_ label: String) -> Double {
            if label.hasSuffix("%") { return (Double(label.dropLast()) ?? .nan) / 100 }
            if label.hasPrefix("1-") { return 1 - (Double(label.dropFirst(2)) ?? .nan) }
            return Double(label) ?? .nan
        }
    }

    private func logOdds(_ p: Double) -> Double { log(p / (1 - p)) }

    /// Checks where the bins of a panel are, given the value of a probability on its axes.
    private func assertBins(
        _ figure: FigureXML, _ name: String, _ value: (Double) -> Double, line: UInt = #line
    ) throws {
        let panel = try figure.only(name)
        let below = try figure.only("\(name)-histogram").all("tick-label")
        let horizontal = try Axis(below.filter { $0.attributes["text-anchor"] == "middle" }, "x", value)
        let vertical = try Axis(panel.all("tick-label"), "y", value)
        // The line of a label is where the label's middle is, above its baseline.
        let grid = try XCTUnwrap(panel.all("grid").last)
        let baseline = try XCTUnwrap(panel.all("tick-label").last).number("y") - grid.number("y1")
        XCTAssertEqual(panel.all("bin").count, rows.count, line: line)
        for (bin, rows) in zip(panel.all("bin"), rows) {
            let point = try bin.only("point")
            let y = { vertical.pixel(value($0)) - baseline }
            XCTAssertEqual(
                point.number("cx"), horizontal.pixel(value(rows.prediction)), accuracy: 0.03, line: line)
            XCTAssertEqual(point.number("cy"), y(rows.rate), accuracy: 0.03, line: line)
            let interval = try XCTUnwrap(bin.all("interval").first)
            let ends = Self.wilson(rows.rate, count: Double(rows.count))
            XCTAssertEqual(interval.number("x1"), point.number("cx"), line: line)
            XCTAssertEqual(interval.number("x2"), point.number("cx"), line: line)
            XCTAssertEqual(interval.number("y1"), y(ends.lower), accuracy: 0.03, line: line)
            XCTAssertEqual(interval.number("y2"), y(ends.upper), accuracy: 0.03, line: line)
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
        try assertBins(plot(rows), "reliability") { $0 }
    }

    func test_logOdds_points_areAtLogOddsOfPredictionAndRate() throws {
        try assertBins(plot(rows), "log-odds-reliability", logOdds)
    }

    func test_reliability_diagonal_joinsTheCorners() throws {
        let panel = try plot(rows).only("reliability")
        let (diagonal, border) = (try panel.only("diagonal"), try panel.only("border"))
        XCTAssertEqual(diagonal.number("x1"), border.number("x"))
        XCTAssertEqual(diagonal.number("y1"), border.number("y") + border.number("height"))
        XCTAssertEqual(diagonal.number("x2"), border.number("x") + border.number("width"))
        XCTAssertEqual(diagonal.number("y2"), border.number("y"))
    }

    func test_histogram_bars_areTheLogarithmOfTheShare() throws {
        let total = Double(rows.map(\.count).reduce(0, +))
        for name in ["reliability-histogram", "log-odds-reliability-histogram"] {
            let histogram = try plot(rows).only(name)
            let labels = histogram.all("tick-label").filter { $0.attributes["text-anchor"] == "end" }
            let axis = try Axis(labels, "y", log10)
            let top = try histogram.only("border").number("y")
            let bars = histogram.all("bar")
            XCTAssertEqual(bars.count, rows.count)
            for (bar, rows) in zip(bars, rows) {
                let height = axis.pixel(log10(Double(rows.count) / total)) - axis.pixel(0)
                XCTAssertEqual(bar.number("y") - top, height, accuracy: 0.03)
            }
        }
    }

    func test_logOdds_ratesOf0And1_areArrowsFromTheIntervalToTheBorder() throws {
        let rows = [
            Rows(prediction: 0.01, count: 500, positives: 0), Rows(prediction: 0.3, count: 10, positives: 3),
            Rows(prediction: 0.9, count: 20, positives: 20),
        ]
        let panel = try plot(rows).only("log-odds-reliability")
        let border = try panel.only("border")
        let (top, bottom) = (border.number("y"), border.number("y") + border.number("height"))
        let bins = panel.all("bin")
        XCTAssertEqual(bins.map { $0.all("point").count }, [0, 1, 0])
        XCTAssertEqual(bins.map { $0.all("arrow-head").count }, [1, 0, 1])
        for (bin, end) in [(bins[0], bottom), (bins[2], top)] {
            let interval = try XCTUnwrap(bin.all("interval").first)
            let tip = try bin.only("arrow-head").coordinates.prefix(2)
            XCTAssertEqual(Array(tip), [interval.number("x1"), end])
            let ends = [interval.number("y1"), interval.number("y2")]
            XCTAssertTrue(ends.contains(end))
            XCTAssertGreaterThan(abs(ends[0] - ends[1]), 10, "the finite end is not at the border")
        }
    }

    func test_logOdds_certainPredictions_areBesideTheOthers() throws {
        let figure = try plot([
            Rows(prediction: 0, count: 10, positives: 0), Rows(prediction: 0.25, count: 20, positives: 5),
            Rows(prediction: 1, count: 30, positives: 30),
        ])
        let labels = try figure.only("log-odds-reliability-histogram").all("tick-label")
            .filter { $0.attributes["text-anchor"] == "middle" }
        let bins = try figure.only("log-odds-reliability").all("bin")
        for (bin, text) in [(bins[0], "0%"), (bins[2], "100%")] {
            let label = try XCTUnwrap(labels.last { $0.text == text })
            let interval = try XCTUnwrap(bin.all("interval").first)
            XCTAssertEqual(interval.number("x1"), label.number("x"), text)
        }
        XCTAssertTrue(figure.coordinates.allSatisfy(\.isFinite))
    }

    func test_logOdds_manyBins_haveThinIntervalsWithoutCaps() throws {
        let rows = (-35...35).map { logit in
            Rows(prediction: 1 / (1 + exp(0.5 - Double(logit))), count: 2, positives: 1)
        }
        let bins = try plot(rows).only("log-odds-reliability").all("bin")
        XCTAssertGreaterThan(bins.count, 60)
        XCTAssertTrue(bins.allSatisfy { $0.all("interval").isEmpty && $0.all("thin-interval").count == 1 })
    }

    func test_oneRow_isDrawn() throws {
        for rows in [
            Rows(prediction: 0.5, count: 1, positives: 1), Rows(prediction: 0, count: 1, positives: 0),
        ] {
            let figure = try plot([rows])
            XCTAssertEqual(try figure.only("reliability").all("bin").count, 1)
            XCTAssertTrue(figure.coordinates.allSatisfy(\.isFinite))
        }
    }

    func test_header_containsTheLogLoss() throws {
        let rows = [Rows(prediction: 0.5, count: 100, positives: 40)]
        let values = try plot(rows).only("header").all("measure-value").map(\.text)
        XCTAssertTrue(values.contains { $0.hasPrefix("0.693") }, "\(values)")
    }
}

extension Tool {
    /// The figure of a .csv file with the columns p and t.
    func plot(_ csv: String, _ options: String..., file: StaticString = #filePath, line: UInt = #line) throws
        -> FigureXML
    {
        try plot(Data(csv.utf8), options, file: file, line: line)
    }

    func plot(
        _ csv: Data, _ options: [String], file: StaticString = #filePath, line: UInt = #line
    ) throws -> FigureXML {
        try write("log.csv", csv)
        let arguments = ["evaluate", "log.csv", "--prediction", "p", "--target", "t", "--plot", "f.svg"]
        let result = try run(arguments + options)
        XCTAssertEqual(result.status, 0, result.error, file: file, line: line)
        return try FigureXML(read("f.svg"))
    }
}

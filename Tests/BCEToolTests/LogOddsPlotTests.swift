// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// What is infinite on a scale of log-odds, and many bins.
final class LogOddsPlotTests: XCTestCase {
    func test_logOdds_ratesOf0And1_areArrowsFromTheIntervalToTheBorder() throws {
        let rows = [
            LogRows(prediction: 0.01, count: 500, positives: 0),
            LogRows(prediction: 0.3, count: 10, positives: 3),
            LogRows(prediction: 0.9, count: 20, positives: 20),
        ]
        let panel = try Tool.plot(rows).only("log-odds-reliability")
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
        let figure = try Tool.plot([
            LogRows(prediction: 0, count: 10, positives: 0),
            LogRows(prediction: 0.25, count: 20, positives: 5),
            LogRows(prediction: 1, count: 30, positives: 30),
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
            LogRows(prediction: 1 / (1 + exp(0.5 - Double(logit))), count: 2, positives: 1)
        }
        let bins = try Tool.plot(rows).only("log-odds-reliability").all("bin")
        XCTAssertGreaterThan(bins.count, 60)
        XCTAssertTrue(bins.allSatisfy { $0.all("interval").isEmpty && $0.all("thin-interval").count == 1 })
    }
}

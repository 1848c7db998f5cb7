// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Two panels as SVG: the loss over the steps, and how often what was predicted came true.
struct Chart {
    private var shapes: [String] = []
    private static let (width, height, margin) = (360.0, 260.0, 50.0)

    static func write(_ trainings: [Training], calibration: [CalibrationBin], to file: URL) throws {
        var chart = Chart()
        chart.drawLoss(trainings)
        chart.drawCalibration(calibration)
        let size = "width=\"\(Int(2 * width))\" height=\"\(Int(height))\""
        let svg =
            ["<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) font-family=\"sans-serif\" font-size=\"11\">"]
            + ["<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"] + chart.shapes + ["</svg>"]
        try svg.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    }

    /// How far each step is from the best value, on a logarithmic scale.
    private mutating func drawLoss(_ trainings: [Training]) {
        let best = trainings.flatMap(\.values).min() ?? 0
        let curves = trainings.map { $0.values.map { log10(max($0 - best, 1e-12)) } }
        let steps = Double(max(1, (curves.map(\.count).max() ?? 1) - 1))
        // A multiple of 4 above -12, so that ticks are powers of ten.
        let top = max(-8, ceil((curves.joined().max() ?? 0) / 4) * 4)
        let panel = Panel(left: 0, x: 0...steps, y: -12...top)
        frame(panel, "Objective above its minimum", "step") { "1e\(Int($0))" }
        for (index, (training, curve)) in zip(trainings, curves).enumerated() {
            let color = ["#2563eb", "#dc2626"][index % 2]
            let points = curve.enumerated().map { panel.place(Double($0), $1) }
            shapes.append(
                "<polyline fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\" points=\""
                    + points.map { "\(fixed($0.x, 1)),\(fixed($0.y, 1))" }.joined(separator: " ") + "\"/>")
            text(training.method.rawValue, Self.width - 90, 60 + 16 * Double(index), color)
        }
    }

    private mutating func drawCalibration(_ bins: [CalibrationBin]) {
        let panel = Panel(left: Self.width, x: 0...1, y: 0...1)
        frame(panel, "Calibration on the test rows", "predicted probability") { fixed($0, 2) }
        let (from, to) = (panel.place(0, 0), panel.place(1, 1))
        shapes.append(
            "<line x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\" stroke=\"#999\"/>")
        for bin in bins {
            let place = panel.place(bin.predicted, bin.observed)
            let radius = 2 + 0.6 * Double(bin.count).squareRoot()
            shapes.append(
                "<circle cx=\"\(fixed(place.x, 1))\" cy=\"\(fixed(place.y, 1))\" r=\"\(fixed(radius, 1))\" "
                    + "fill=\"#2563eb\" fill-opacity=\"0.6\"><title>\(bin.count) rows</title></circle>")
        }
    }

    private mutating func frame(
        _ panel: Panel, _ title: String, _ label: String, _ tick: (Double) -> String
    ) {
        let (low, high) = (
            panel.place(panel.x.lowerBound, panel.y.lowerBound),
            panel.place(panel.x.upperBound, panel.y.upperBound)
        )
        shapes.append(
            "<rect x=\"\(low.x)\" y=\"\(high.y)\" width=\"\(high.x - low.x)\" height=\"\(low.y - high.y)\" "
                + "fill=\"none\" stroke=\"#666\"/>")
        text(title, low.x, high.y - 10, "#111")
        text(label, (low.x + high.x) / 2, low.y + 34, "#111", anchor: "middle")
        for part in 0...4 {
            let share = Double(part) / 4
            let y = panel.y.lowerBound + share * (panel.y.upperBound - panel.y.lowerBound)
            let x = panel.x.lowerBound + share * (panel.x.upperBound - panel.x.lowerBound)
            text(tick(y), low.x - 6, panel.place(0, y).y + 4, "#444", anchor: "end")
            text(
                fixed(x, panel.x.upperBound > 4 ? 0 : 2), panel.place(x, 0).x, low.y + 16, "#444",
                anchor: "middle")
        }
    }

    private mutating func text(
        _ text: String, _ x: Double, _ y: Double, _ color: String, anchor: String = "start"
    ) {
        shapes.append(
            "<text x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\" fill=\"\(color)\" text-anchor=\"\(anchor)\">\(text)</text>"
        )
    }

    private struct Panel {
        let left: Double
        let x, y: ClosedRange<Double>

        func place(_ a: Double, _ b: Double) -> (x: Double, y: Double) {
            let across = (a - x.lowerBound) / (x.upperBound - x.lowerBound)
            let up = (b - y.lowerBound) / (y.upperBound - y.lowerBound)
            return (
                left + margin + across * (width - margin - 20), height - margin - up * (height - margin - 35)
            )
        }
    }
}

/// Rows whose predictions are alike: their mean, and how many of them were positive.
struct CalibrationBin {
    let predicted, observed: Double
    let count: Int

    static func bins(_ probabilities: [Double], _ targets: [UInt8]) -> [CalibrationBin] {
        (0..<10).compactMap { tenth in
            let rows = probabilities.indices.filter { min(9, Int(probabilities[$0] * 10)) == tenth }
            guard !rows.isEmpty else { return nil }
            let count = Double(rows.count)
            return CalibrationBin(
                predicted: rows.reduce(0) { $0 + probabilities[$1] } / count,
                observed: rows.reduce(0) { $0 + Double(targets[$1]) } / count, count: rows.count)
        }
    }
}

func fixed(_ number: Double, _ places: Int) -> String { String(format: "%.\(places)f", number) }

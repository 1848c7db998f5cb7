// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// A reliability diagram: for each bin, how often targets were positive against what was predicted, with 95% intervals.
struct ReliabilityPanel {
    private let name: String
    private let title: String
    private let note: String
    private let bins: [ReliabilityBin]
    private let axis: ReliabilityAxis
    private let frame: Frame
    private let ticks: [Tick]

    /// - Parameter bins: bins of equal width in probability.
    init(probabilities bins: [ReliabilityBin], in frame: Frame) {
        self.init(
            name: "reliability", title: "Reliability", note: "Above the line, predictions are too low", bins,
            .probabilities, frame)
    }

    /// - Parameter bins: bins of equal width in log-odds.
    init(logOdds bins: [ReliabilityBin], in frame: Frame) {
        let axis = ReliabilityAxis.logOdds(bins)
        let hasArrows = bins.contains { axis.side(of: $0.meanTarget) != nil }
        self.init(
            name: "log-odds-reliability", title: "Reliability in log-odds",
            note: hasArrows
                ? "Arrows: observed rates of 0% or 100%" : "Magnifies predictions near 0% and 100%",
            bins, axis, frame)
    }

    private init(
        name: String, title: String, note: String, _ bins: [ReliabilityBin], _ axis: ReliabilityAxis,
        _ frame: Frame
    ) {
        (self.name, self.title, self.note) = (name, title, note)
        (self.bins, self.axis, self.frame) = (bins, axis, frame)
        ticks = axis.ticks(frame.horizontalScale(axis.horizontalDomain))
    }

    private var horizontal: Scale { frame.horizontalScale(axis.horizontalDomain) }
    private var vertical: Scale { frame.verticalScale(axis.range) }

    private static let (gap, histogramHeight) = (12.0, 88.0)
    /// The height of the histogram, and of the labels and the title of its axis.
    static let heightBelow = gap + histogramHeight + 42

    /// Draws the diagram, and below it the histogram of the same bins.
    func draw(_ svg: inout SVGWriter) {
        svg.group(name) { svg in
            svg.panelTitle(title, note, at: Point(x: frame.left, y: frame.top))
            drawGrid(&svg)
            svg.rectangle(.border, frame)
            for bin in bins { draw(bin, &svg) }
        }
        let histogram = BinHistogram(
            name: "\(name)-histogram", bins: bins, axis: axis, ticks: ticks,
            frame: Frame(
                left: frame.left, top: frame.bottom + Self.gap, width: frame.width,
                height: Self.histogramHeight))
        histogram.draw(&svg)
    }

    private func drawGrid(_ svg: inout SVGWriter) {
        svg.verticalGrid(ticks, on: horizontal, in: frame)
        svg.verticalAxis(
            ticks.filter { axis.range.contains($0.value) }, on: vertical, left: frame,
            title: "Observed rate, 95% interval")
        if let left = horizontal.position(axis.range.lowerBound),
            let right = horizontal.position(axis.range.upperBound)
        {
            svg.line(.diagonal, from: Point(x: left, y: frame.bottom), to: Point(x: right, y: frame.top))
        }
    }

    /// Whether there are so many bins that the caps of their intervals would touch each other.
    private var isDense: Bool { bins.count > 40 }

    private func draw(_ bin: ReliabilityBin, _ svg: inout SVGWriter) {
        guard let x = horizontal.position(axis.position(bin)) else { return }
        svg.group("bin", title: bin.summary) { svg in
            drawInterval(of: bin, x, &svg)
            switch axis.side(of: bin.meanTarget) {
            case .below: svg.arrowHead(at: Point(x: x, y: frame.bottom), .down, size: isDense ? 4 : 8)
            case .above: svg.arrowHead(at: Point(x: x, y: frame.top), .up, size: isDense ? 4 : 8)
            case nil:
                guard let y = vertical.position(axis.value(bin.meanTarget)) else { return }
                svg.circle(.point, Point(x: x, y: y), radius: isDense ? 1.5 : 3.5)
            }
        }
    }

    private func drawInterval(of bin: ReliabilityBin, _ x: Double, _ svg: inout SVGWriter) {
        let interval = bin.meanTargetInterval
        guard let bottom = vertical.position(axis.value(interval.lower)),
            let top = vertical.position(axis.value(interval.upper))
        else { return }
        let (low, high) = (Point(x: x, y: bottom), Point(x: x, y: top))
        if isDense { return svg.line(.thinInterval, from: low, to: high) }
        svg.line(.interval, from: low, to: high)
        for y in [bottom, top] where y > frame.top && y < frame.bottom {
            svg.line(.interval, from: Point(x: x - 3, y: y), to: Point(x: x + 3, y: y))
        }
    }
}

extension ReliabilityBin {
    fileprivate var summary: String {
        let interval = "\(meanTargetInterval.lower.percentage) to \(meanTargetInterval.upper.percentage)"
        return "predicted \(meanPrediction.percentage), observed \(meanTarget.percentage) (\(interval)), "
            + "\(count.shortText) rows"
    }
}

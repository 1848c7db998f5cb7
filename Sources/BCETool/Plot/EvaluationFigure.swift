// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The picture of an evaluation: its measures, reliability diagrams of probabilities and of log-odds, and the losses of
/// groups if there are any.
struct EvaluationFigure {
    private let header: FigureHeader
    private let reliability: [ReliabilityPanel]
    private let groups: GroupPanel?
    private let width: Double
    private let height: Double
    private let title: String

    /// Half a label of the longest kind is to the right of the last frame.
    private static let margin = 32.0
    /// The side of a reliability diagram, and the room for labels to its left.
    private static let (side, labelWidth) = (330.0, 76.0)
    private static let panelGap = 36.0

    /// - Parameters:
    ///   - title: any text, for example the name of a file.
    ///   - measures: names and values in the order in which they are shown.
    ///   - groups: nil if there are no groups. The first ones are shown.
    init(
        title: String, measures: [(name: String, value: String)], _ evaluation: BinaryEvaluation,
        _ groups: GroupLossTable?
    ) {
        self.title = title
        let second = Self.margin + Self.labelWidth + Self.side + Self.panelGap
        let third = second + Self.labelWidth + Self.side + Self.panelGap
        width = (groups == nil ? third - Self.panelGap : third + GroupPanel.width) + Self.margin
        header = FigureHeader(
            title, measures, left: Self.margin, top: Self.margin, width: width - 2 * Self.margin)
        let top = header.bottom + 56
        func frame(_ left: Double) -> Frame {
            Frame(left: left + Self.labelWidth, top: top, width: Self.side, height: Self.side)
        }
        self.reliability = [
            ReliabilityPanel(probabilities: evaluation.reliability, in: frame(Self.margin)),
            ReliabilityPanel(logOdds: evaluation.logOddsReliability, in: frame(second)),
        ]
        self.groups = groups.map { GroupPanel($0, loss: evaluation.logLoss, left: third, top: top) }
        height = top + Self.side + ReliabilityPanel.heightBelow + Self.margin
    }

    /// The contents of the file.
    var svg: String {
        var svg = SVGWriter()
        svg.rectangle(.background, Frame(left: 0, top: 0, width: width, height: height))
        header.draw(&svg)
        for panel in reliability { panel.draw(&svg) }
        groups?.draw(&svg)
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" class="bce-figure" role="img" width="\(Int(width))" \
            height="\(Int(height))" viewBox="0 0 \(Int(width)) \(Int(height))">
            <title>\(title.shownInFigure.escapedForXML)</title>
            <style>
            \(FigureStyle.styleSheet)</style>
            \(svg.text)</svg>

            """
    }
}

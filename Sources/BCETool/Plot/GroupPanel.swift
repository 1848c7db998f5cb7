// SPDX-License-Identifier: Apache-2.0

/// The losses of the first groups with their 95% intervals, and the loss of all rows as a line.
struct GroupPanel {
    private let groups: ArraySlice<GroupLossTable.Row>
    private let note: String
    /// The loss of all rows.
    private let loss: Double
    /// Where the names start.
    private let left: Double
    /// Where losses are drawn.
    private let frame: Frame
    private let scale: Scale

    private static let most = 20
    private static let (nameWidth, lossWidth, rowsWidth, shareWidth) = (170.0, 230.0, 72.0, 76.0)
    private static let rowHeight = 20.0
    static let width = nameWidth + lossWidth + rowsWidth + shareWidth

    /// - Parameter top: the upper end of the frames of all panels.
    init(_ table: GroupLossTable, loss: Double, left: Double, top: Double) {
        groups = table.rows.prefix(Self.most)
        self.loss = loss
        self.left = left
        note =
            groups.count == table.groupCount
            ? "Sorted by their share of the total loss"
            : "\(groups.count) of \(table.groupCount.shortText) groups, those with the largest share of the total loss"
        frame = Frame(
            left: left + Self.nameWidth, top: top + Self.rowHeight, width: Self.lossWidth,
            height: Double(self.groups.count) * Self.rowHeight)
        scale = frame.horizontalScale(Self.domain(self.groups, loss))
    }

    /// All finite losses and intervals, with a margin.
    private static func domain(_ groups: ArraySlice<GroupLossTable.Row>, _ loss: Double) -> ClosedRange<
        Double
    > {
        let losses = groups.map(\.loss) + [loss]
        let ends = groups.compactMap(\.interval).flatMap { [$0.lowerBound, $0.upperBound] }
        // Greater numbers are drawn like infinite ones, because their differences may overflow.
        let values = (losses + ends).filter { abs($0) < 1e300 }
        guard let lowest = values.min(), let highest = values.max() else { return 0...1 }
        // An interval may go below 0, but a loss does only if a weight is negative.
        let isSigned = losses.contains { $0 < 0 }
        let start = isSigned ? lowest : max(0, lowest)
        let end = max(start, highest)
        // Labels have seven digits, so losses must not be magnified more than a million times.
        let margin = max(0.05 * (end - start), 1e-6 * max(abs(start), abs(end)), 1e-12)
        return (isSigned ? start - margin : max(0, start - margin))...end + margin
    }

    func draw(_ svg: inout SVGWriter) {
        svg.group("groups") { svg in
            svg.panelTitle("Loss by group", note, at: Point(x: left, y: frame.top - Self.rowHeight))
            drawAxis(&svg)
            drawLossOfAll(&svg)
            for (group, row) in zip(groups, 0...) {
                let y = frame.top + (Double(row) + 0.5) * Self.rowHeight
                svg.group("group", title: group.summary) { svg in
                    drawTexts(of: group, y, &svg)
                    drawLoss(of: group, y, &svg)
                }
            }
        }
    }

    private func drawAxis(_ svg: inout SVGWriter) {
        let ticks = scale.linearTicks(stepsAtMost: 5)
        svg.verticalGrid(ticks, on: scale, in: frame)
        svg.rectangle(.border, frame)
        svg.horizontalAxis(ticks, on: scale, below: frame, title: "Log loss in nats, 95% interval")
        svg.text(.note, "rows", at: Point(x: rowsRight, y: frame.top - 6), .end)
        svg.text(.note, "of loss", at: Point(x: shareRight, y: frame.top - 6), .end)
    }

    private func drawLossOfAll(_ svg: inout SVGWriter) {
        guard let x = scale.position(loss) else { return }
        if scale.domain.contains(loss) {
            svg.line(.reference, from: Point(x: x, y: frame.top), to: Point(x: x, y: frame.bottom))
        }
        let label = "all rows \(loss.shortText)"
        let half = label.width * FigureStyle.fontSize / 2
        let middle = min(max(x, frame.left + half), frame.right - half)
        svg.text(.referenceLabel, label, at: Point(x: middle, y: frame.top - 6), .middle)
    }

    private var rowsRight: Double { frame.right + Self.rowsWidth }
    private var shareRight: Double { rowsRight + Self.shareWidth }

    private func drawTexts(of group: GroupLossTable.Row, _ y: Double, _ svg: inout SVGWriter) {
        let gap = 10.0
        let name = group.group.shownInFigure
            .shortened(toWidth: (Self.nameWidth - gap) / FigureStyle.fontSize)
        svg.text(.groupName, name, at: Point(x: frame.left - gap, y: y + 4), .end)
        svg.text(.cell, group.count.shortText, at: Point(x: rowsRight, y: y + 4), .end)
        svg.text(.cell, group.share.percentageInColumn, at: Point(x: shareRight, y: y + 4), .end)
    }

    private func drawLoss(of group: GroupLossTable.Row, _ y: Double, _ svg: inout SVGWriter) {
        if group.loss > scale.domain.upperBound { return drawArrow(group.loss, y, &svg) }
        guard scale.domain.contains(group.loss), let x = scale.position(group.loss) else {
            return svg.text(.note, group.loss.shortText, at: Point(x: frame.left + 6, y: y + 4))
        }
        if let interval = group.interval, let low = scale.position(interval.lowerBound),
            let high = scale.position(interval.upperBound)
        {
            svg.line(.interval, from: Point(x: low, y: y), to: Point(x: high, y: y))
        }
        svg.circle(.point, Point(x: x, y: y), radius: 4)
    }

    /// An arrow to the right of a loss that is infinite, or nearly so.
    private func drawArrow(_ loss: Double, _ y: Double, _ svg: inout SVGWriter) {
        let tip = Point(x: frame.right, y: y)
        let start = Point(x: tip.x - 30, y: y)
        svg.text(.note, loss.shortText, at: Point(x: start.x - 6, y: y + 4), .end)
        svg.line(.interval, from: start, to: tip)
        svg.arrowHead(at: tip, .right)
    }
}

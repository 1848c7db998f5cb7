// SPDX-License-Identifier: Apache-2.0

/// What several panels consist of.
extension SVGWriter {
    /// The title of a panel and a note, above and below which there is room.
    ///
    /// - Parameter start: where the panel's frame starts.
    mutating func panelTitle(_ title: String, _ note: String, at start: Point) {
        text(.panelTitle, title, at: Point(x: start.x, y: start.y - 30))
        text(.note, note, at: Point(x: start.x, y: start.y - 12))
    }

    mutating func verticalGrid(_ ticks: [Tick], on scale: Scale, in frame: Frame) {
        for tick in ticks {
            guard let x = scale.position(tick.value) else { continue }
            line(.grid, from: Point(x: x, y: frame.top), to: Point(x: x, y: frame.bottom))
        }
    }

    /// Grid lines across the frame, their labels to its left, and further left a title.
    mutating func verticalAxis(_ ticks: [Tick], on scale: Scale, left frame: Frame, title: String) {
        for tick in ticks {
            guard let y = scale.position(tick.value) else { continue }
            line(.grid, from: Point(x: frame.left, y: y), to: Point(x: frame.right, y: y))
            text(.tickLabel, tick.label, at: Point(x: frame.left - 7, y: y + 4), .end)
        }
        let middle = Point(x: frame.left - 64, y: frame.top + frame.height / 2)
        text(.axisTitle, title, at: middle, .middle, isUpward: true)
    }

    /// Marks and labels below the frame, and below them a title.
    mutating func horizontalAxis(_ ticks: [Tick], on scale: Scale, below frame: Frame, title: String) {
        for tick in ticks {
            guard let x = scale.position(tick.value) else { continue }
            line(.tick, from: Point(x: x, y: frame.bottom), to: Point(x: x, y: frame.bottom + 4))
            text(.tickLabel, tick.label, at: Point(x: x, y: frame.bottom + 18), .middle)
        }
        let middle = Point(x: frame.left + frame.width / 2, y: frame.bottom + 38)
        text(.axisTitle, title, at: middle, .middle)
    }

    enum Direction { case up, down, right }

    /// - Parameter size: the length and the width.
    mutating func arrowHead(at tip: Point, _ direction: Direction, size: Double = 8) {
        func corner(behind: Double, aside: Double) -> Point {
            switch direction {
            case .up: Point(x: tip.x + aside, y: tip.y + behind)
            case .down: Point(x: tip.x + aside, y: tip.y - behind)
            case .right: Point(x: tip.x - behind, y: tip.y + aside)
            }
        }
        polygon(
            .arrowHead,
            [tip, corner(behind: size, aside: -size / 2), corner(behind: size, aside: size / 2)])
    }
}

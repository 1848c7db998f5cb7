// SPDX-License-Identifier: Apache-2.0

/// The title, and the measures in as many lines as they need.
struct FigureHeader {
    private struct Measure {
        let name: String
        let value: String
        /// The upper left corner.
        let place: Point
    }

    private let title: String
    private var measures: [Measure] = []
    private let left: Double
    /// The lower end.
    let bottom: Double

    private static let lineHeight = 46.0
    /// Bold text is at most this much wider.
    private static let bold = 1.15

    /// - Parameter width: the width that title and measures may take.
    init(
        _ title: String, _ measures: [(name: String, value: String)], left: Double, top: Double, width: Double
    ) {
        self.left = left
        self.title = title.shownInFigure.shortened(toWidth: width / (Self.bold * FigureStyle.headingSize))
        var place = Point(x: left, y: top + 30)
        for (name, value) in measures {
            let taken = max(name.width * FigureStyle.fontSize, value.width * FigureStyle.measureSize)
            if place.x > left, place.x + taken > left + width {
                place = Point(x: left, y: place.y + Self.lineHeight)
            }
            self.measures.append(Measure(name: name, value: value, place: place))
            place = Point(x: place.x + taken + 26, y: place.y)
        }
        bottom = measures.isEmpty ? place.y : place.y + Self.lineHeight
    }

    func draw(_ svg: inout SVGWriter) {
        svg.group("header") { svg in
            svg.text(.heading, title, at: Point(x: left, y: (measures.first?.place.y ?? bottom) - 14))
            for measure in measures {
                let (x, y) = (measure.place.x, measure.place.y)
                svg.text(.measureName, measure.name, at: Point(x: x, y: y + 12))
                svg.text(.measureValue, measure.value, at: Point(x: x, y: y + 31))
            }
        }
    }
}

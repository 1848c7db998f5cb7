// SPDX-License-Identifier: Apache-2.0

/// The elements of an SVG file in the order in which they are painted. Coordinates are pixels from the left and from
/// the top.
struct SVGWriter {
    private(set) var text = ""

    enum Anchor: String { case start, middle, end }

    /// Elements that belong together. A browser shows the title when the pointer is over one of them.
    mutating func group(_ name: String, title: String? = nil, _ content: (inout SVGWriter) -> Void) {
        text += "<g class=\"\(name)\">"
        if let title { text += "<title>\(title.escapedForXML)</title>" }
        text += "\n"
        content(&self)
        text += "</g>\n"
    }

    mutating func line(_ style: FigureStyle, from start: Point, to end: Point) {
        element(
            "line", style,
            [("x1", start.x.pixels), ("y1", start.y.pixels), ("x2", end.x.pixels), ("y2", end.y.pixels)])
    }

    mutating func circle(_ style: FigureStyle, _ center: Point, radius: Double) {
        element("circle", style, [("cx", center.x.pixels), ("cy", center.y.pixels), ("r", radius.pixels)])
    }

    mutating func rectangle(_ style: FigureStyle, _ frame: Frame) {
        element(
            "rect", style,
            [
                ("x", frame.left.pixels), ("y", frame.top.pixels), ("width", frame.width.pixels),
                ("height", frame.height.pixels),
            ])
    }

    mutating func polygon(_ style: FigureStyle, _ corners: [Point]) {
        let points = corners.map { "\($0.x.pixels),\($0.y.pixels)" }.joined(separator: " ")
        element("polygon", style, [("points", points)])
    }

    /// - Parameters:
    ///   - baseline: where the text starts, has its middle or ends.
    ///   - isUpward: whether it is turned to be read from bottom to top.
    mutating func text(
        _ style: FigureStyle, _ content: String, at baseline: Point, _ anchor: Anchor = .start,
        isUpward: Bool = false
    ) {
        var attributes = [
            ("x", baseline.x.pixels), ("y", baseline.y.pixels), ("text-anchor", anchor.rawValue),
        ]
        if isUpward {
            attributes.append(("transform", "rotate(-90 \(baseline.x.pixels) \(baseline.y.pixels))"))
        }
        element("text", style, attributes, content)
    }

    private mutating func element(
        _ name: String, _ style: FigureStyle, _ attributes: [(name: String, value: String)],
        _ content: String? = nil
    ) {
        text += "<\(name) class=\"\(style.rawValue)\""
        for attribute in attributes { text += " \(attribute.name)=\"\(attribute.value)\"" }
        text += content.map { ">\($0.escapedForXML)</\(name)>\n" } ?? "/>\n"
    }
}

extension Double {
    /// A coordinate to a hundredth of a pixel.
    fileprivate var pixels: String { "\((self * 100).rounded() / 100)" }
}

// SPDX-License-Identifier: Apache-2.0

/// How elements of the figure look: each case is a CSS class of the file. The colours are blue and vermilion of the
/// palette by Okabe and Ito (2008), which people with any colour blindness can tell apart, and greys.
enum FigureStyle: String, CaseIterable {
    case background
    case heading, panelTitle = "panel-title", note, tickLabel = "tick-label", axisTitle = "axis-title"
    case measureName = "measure-name", measureValue = "measure-value"
    case grid, border, tick, diagonal
    case point, interval, thinInterval = "thin-interval", arrowHead = "arrow-head", bar
    case reference, referenceLabel = "reference-label"
    case groupName = "group-name", cell

    /// In pixels.
    static let (fontSize, measureSize, headingSize) = (12.0, 15.0, 18.0)

    /// Nil if the style is that of all texts.
    private var declarations: String? {
        switch self {
        case .background: "fill: #fff"
        case .heading: "font-size: \(Int(Self.headingSize))px; font-weight: bold"
        case .panelTitle: "font-size: 14px; font-weight: bold"
        case .measureValue: "font-size: \(Int(Self.measureSize))px"
        case .note, .measureName, .tickLabel: "fill: #555"
        case .axisTitle, .groupName, .cell: nil
        case .grid: "stroke: #e4e4e4; stroke-width: 1"
        case .border: "stroke: #888; stroke-width: 1; fill: none"
        case .tick: "stroke: #888; stroke-width: 1"
        case .diagonal: "stroke: #777; stroke-width: 1.5; stroke-dasharray: 5 4"
        case .point, .arrowHead: "fill: #0072b2"
        case .interval: "stroke: #0072b2; stroke-width: 1.5"
        case .thinInterval: "stroke: #0072b2; stroke-width: 0.75; stroke-opacity: 0.4"
        case .bar: "fill: #7fb8d8"
        case .reference: "stroke: #d55e00; stroke-width: 1.5"
        // Darker than the line, for a contrast of 4.5 to 1 with the background.
        case .referenceLabel: "fill: #b34e00"
        }
    }

    /// The rules begin with the class of the figure, so that they affect nothing else of a page that contains it.
    static var styleSheet: String {
        let texts = """
            .bce-figure text { font-family: system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; \
            font-size: \(Int(fontSize))px; fill: #222 }

            """
        return texts
            + allCases.compactMap { style in
                style.declarations.map { ".bce-figure .\(style.rawValue) { \($0) }\n" }
            }.joined()
    }
}

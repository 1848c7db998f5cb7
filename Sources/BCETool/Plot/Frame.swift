// SPDX-License-Identifier: Apache-2.0

struct Point {
    let x: Double
    let y: Double
}

/// A rectangle of the figure, in pixels.
struct Frame {
    let left: Double
    let top: Double
    let width: Double
    let height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }

    func horizontalScale(_ domain: ClosedRange<Double>) -> Scale {
        Scale(domain: domain, start: left, end: right)
    }

    /// Larger values are higher up.
    func verticalScale(_ domain: ClosedRange<Double>) -> Scale {
        Scale(domain: domain, start: bottom, end: top)
    }
}

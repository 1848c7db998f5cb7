// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// The share of the rows in each bin. Its scale is logarithmic, because the bins that matter may hold one row in a
/// million.
struct BinHistogram {
    let name: String
    let bins: [ReliabilityBin]
    let axis: ReliabilityAxis
    let ticks: [Tick]
    let frame: Frame

    private var horizontal: Scale { frame.horizontalScale(axis.horizontalDomain) }

    /// Of decimal logarithms of shares, from a power of ten below the smallest share up to 100%. The smallest bar
    /// has at least 0.3 of the height of a power of ten, so that it can be seen.
    private var vertical: Scale {
        let smallest = bins.map(share).filter { $0 > 0 }.min() ?? 1
        return frame.verticalScale(min(-2, (log10(smallest) - 0.3).rounded(.down))...0)
    }

    private func share(_ bin: ReliabilityBin) -> Double { Double(bin.count) / total }

    private var total: Double { bins.reduce(0) { $0 + Double($1.count) } }

    func draw(_ svg: inout SVGWriter) {
        svg.group(name) { svg in
            svg.verticalAxis(vertical.shareTicks, on: vertical, left: frame, title: "Rows, log scale")
            let (total, vertical) = (total, vertical)
            for bin in bins { draw(bin, share: Double(bin.count) / total, vertical, &svg) }
            svg.rectangle(.border, frame)
            svg.horizontalAxis(
                ticks + axis.outerTicks, on: horizontal, below: frame, title: "Predicted probability")
        }
    }

    private func draw(_ bin: ReliabilityBin, share: Double, _ vertical: Scale, _ svg: inout SVGWriter) {
        let extent = axis.extent(bin)
        guard let left = horizontal.position(extent.lowerBound),
            let right = horizontal.position(extent.upperBound), let top = vertical.position(log10(share))
        else { return }
        // Wide bars are a pixel apart.
        let gap = right - left > 4 ? 1.0 : 0
        svg.group("rows", title: "\(bin.count.shortText) rows, \(share.percentage)") { svg in
            svg.rectangle(
                .bar,
                Frame(left: left + gap / 2, top: top, width: right - left - gap, height: frame.bottom - top))
        }
    }
}

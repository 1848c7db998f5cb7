// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The share of the rows in each bin. Its scale is logarithmic, because the bins that matter may hold one row in a
/// million.
struct BinHistogram {
    let name: String
    let bins: [ReliabilityBin]
    let axis: ReliabilityAxis
    let ticks: [Tick]
    let frame: Frame

    func draw(_ svg: inout SVGWriter) {
        let total = bins.reduce(0) { $0 + Double($1.count) }
        let shares = bins.map { Double($0.count) / total }
        let (horizontal, vertical) = (frame.horizontalScale(axis.horizontalDomain), scale(of: shares))
        svg.group(name) { svg in
            svg.verticalAxis(vertical.shareTicks, on: vertical, left: frame, title: "Rows, log scale")
            for (bin, share) in zip(bins, shares) {
                let extent = axis.extent(bin)
                guard let left = horizontal.position(extent.lowerBound),
                    let right = horizontal.position(extent.upperBound),
                    let top = vertical.position(log10(share))
                else { continue }
                svg.group("rows", title: "\(bin.count.shortText) rows, \(share.percentage)") { svg in
                    svg.rectangle(.bar, bar(left, right, top))
                }
            }
            svg.rectangle(.border, frame)
            svg.horizontalAxis(
                ticks + axis.outerTicks, on: horizontal, below: frame, title: "Predicted probability")
        }
    }

    /// Of decimal logarithms, from a power of ten below the smallest share up to 100%. The smallest bar has at least
    /// 0.3 of the height of a power of ten, so that it can be seen.
    private func scale(of shares: [Double]) -> Scale {
        let smallest = shares.min() ?? 1
        return frame.verticalScale(min(-2, (log10(smallest) - 0.3).rounded(.down))...0)
    }

    /// Bars are a pixel apart if they are wide enough.
    private func bar(_ left: Double, _ right: Double, _ top: Double) -> Frame {
        let gap = right - left > 4 ? 1.0 : 0
        return Frame(
            left: left + gap / 2, top: top, width: right - left - gap, height: frame.bottom - top)
    }
}

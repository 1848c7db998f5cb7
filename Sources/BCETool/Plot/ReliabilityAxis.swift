// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// The two axes of a reliability diagram: predictions to the right and observed rates upwards, both as probabilities or
/// both as log-odds.
struct ReliabilityAxis {
    /// What the diagonal joins: predictions that are right on average.
    let range: ClosedRange<Double>
    /// The range, and to its sides the bins without a border.
    let horizontalDomain: ClosedRange<Double>
    let ticks: (Scale) -> [Tick]
    /// Labels of the bins without a border.
    let outerTicks: [Tick]
    /// The value of a probability on the axis.
    let value: (Double) -> Double
    /// What part of the horizontal axis a bin occupies.
    let extent: (ReliabilityBin) -> ClosedRange<Double>

    /// Where the mean prediction of a bin is on the horizontal axis. For predictions near 1 its log-odds have a large
    /// rounding error, and are infinite for those that round to 1.
    func position(_ bin: ReliabilityBin) -> Double {
        let extent = extent(bin)
        guard bin.lower.isFinite, bin.upper.isFinite else {
            return (extent.lowerBound + extent.upperBound) / 2
        }
        let position = value(bin.meanPrediction)
        return position.isNaN ? .nan : min(max(position, extent.lowerBound), extent.upperBound)
    }
}

extension ReliabilityAxis {
    static var probabilities: ReliabilityAxis {
        ReliabilityAxis(
            range: 0...1, horizontalDomain: 0...1,
            ticks: { _ in [0, 0.2, 0.4, 0.6, 0.8, 1].map { Tick(value: $0, label: "\($0.shortText)") } },
            outerTicks: [], value: { $0 }, extent: { $0.lower...$0.upper })
    }

    /// Axes of log-odds that hold all bins and all finite log-odds of observed rates. Bins without a border, of
    /// predictions that may be exactly 0 or 1, are drawn beside the others.
    static func logOdds(of bins: [ReliabilityBin]) -> ReliabilityAxis {
        let range = logOddsRange(bins)
        let below = range.lowerBound - 1.5...range.lowerBound - 0.5
        let above = range.upperBound + 0.5...range.upperBound + 1.5
        let hasBelow = bins.contains { $0.lower == -.infinity }
        let hasAbove = bins.contains { $0.upper == .infinity }
        let outerTicks =
            (hasBelow ? [Tick(value: range.lowerBound - 1, label: 0.percentage)] : [])
            + (hasAbove ? [Tick(value: range.upperBound + 1, label: 1.percentage)] : [])
        return ReliabilityAxis(
            range: range,
            horizontalDomain: (hasBelow ? below : range).lowerBound...(hasAbove ? above : range).upperBound,
            ticks: { $0.logOddsTicks(besides: outerTicks) },
            outerTicks: outerTicks,
            value: \.logOdds,
            extent: { bin in
                bin.lower == -.infinity ? below : bin.upper == .infinity ? above : bin.lower...bin.upper
            })
    }

    private static func logOddsRange(_ bins: [ReliabilityBin]) -> ClosedRange<Double> {
        let borders = bins.flatMap { [$0.lower, $0.upper] }.filter(\.isFinite)
        // Rates of targets between 0 and 1 may be as small as 1e-300, which would leave no room for anything else.
        let observed = bins.map(\.meanTarget.logOdds).filter { abs($0) <= 40 }
        let inner =
            bins.filter { $0.lower.isFinite && $0.upper.isFinite }.isEmpty ? observed : borders + observed
        let (lower, upper) = (inner.min() ?? 0, inner.max() ?? 0)
        let (middle, half) = ((lower + upper) / 2, max((upper - lower) / 2, 2))
        return middle - half...middle + half
    }
}

extension Double {
    /// ln(p / (1 - p)).
    fileprivate var logOdds: Double { log(self / (1 - self)) }
}

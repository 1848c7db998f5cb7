// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

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

    /// Where the mean prediction of a bin is on the horizontal axis; NaN if the prediction is NaN. For predictions near
    /// 1, the log-odds have a large rounding error, and they are infinite for those that round to 1.
    func position(_ bin: ReliabilityBin) -> Double {
        let (extent, position) = (extent(bin), value(bin.meanPrediction))
        if position.isNaN { return .nan }
        let hasBorders = bin.lower.isFinite && bin.upper.isFinite
        return hasBorders
            ? min(max(position, extent.lowerBound), extent.upperBound)
            : (extent.lowerBound + extent.upperBound) / 2
    }

    enum Side { case below, above }

    /// On which side of the vertical axis an observed rate is; nil if it is on the axis, or NaN.
    func side(of rate: Double) -> Side? {
        let value = value(rate)
        return value < range.lowerBound ? .below : value > range.upperBound ? .above : nil
    }
}

extension ReliabilityAxis {
    static var probabilities: ReliabilityAxis {
        ReliabilityAxis(
            range: 0...1, horizontalDomain: 0...1,
            ticks: { _ in [0, 0.2, 0.4, 0.6, 0.8, 1].map { Tick(value: $0, label: "\($0.shortText)") } },
            outerTicks: [], value: { $0 }, extent: { $0.lower...$0.upper })
    }

    /// Axes of log-odds that hold all bins and the finite ends of all intervals. Bins without a border, whose
    /// predictions may be exactly 0 or 1, are drawn beside the others.
    static func logOdds(_ bins: [ReliabilityBin]) -> ReliabilityAxis {
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
        let borders = bins.flatMap { $0.lower.isFinite && $0.upper.isFinite ? [$0.lower, $0.upper] : [] }
        // Room for the cap of an interval, and for an arrow.
        let (cap, arrow) = (0.25, 1.0)
        let ends = bins.flatMap { bin in
            let (lower, upper) = (bin.meanTargetInterval.lower.logOdds, bin.meanTargetInterval.upper.logOdds)
            // The other end of the interval of 0 or 1 is infinite, though rounding may have made it finite.
            return switch bin.meanTarget {
            case 0: [upper - arrow, upper + cap]
            case 1: [lower - cap, lower + arrow]
            default: [lower - cap, upper + cap]
            }
        }
        // Targets between 0 and 1 can have a mean of 1e-300, which would leave no room for anything else.
        let values = borders + ends.filter { abs($0) <= 40 }
        let (lower, upper) = (values.min() ?? 0, values.max() ?? 0)
        let (middle, half) = ((lower + upper) / 2, max((upper - lower) / 2, 2))
        return middle - half...middle + half
    }
}

extension Double {
    /// ln(p / (1 - p)).
    fileprivate var logOdds: Double { log(self / (1 - self)) }
}

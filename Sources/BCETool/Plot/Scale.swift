// SPDX-License-Identifier: Apache-2.0

/// Maps the values of an axis linearly to pixels.
struct Scale {
    let domain: ClosedRange<Double>
    /// The pixels of the ends of the domain. The end of a vertical axis has the smaller one.
    let start: Double
    let end: Double

    /// The pixel of `value`. A value outside the domain is at the nearer end; NaN is nowhere.
    func position(_ value: Double) -> Double? {
        guard !value.isNaN else { return nil }
        let inside = min(max(value, domain.lowerBound), domain.upperBound)
        let share = (inside - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
        return start + share * (end - start)
    }
}

/// A labelled value of an axis.
struct Tick {
    let value: Double
    let label: String
}

extension Scale {
    /// The first of several lists of ticks whose labels do not touch on a horizontal axis. Ticks outside the domain,
    /// and those that touch one of `others`, are left out; the result is empty if there is no such list.
    func firstLegible(_ candidates: some Sequence<[Tick]>, besides others: [Tick] = []) -> [Tick] {
        for candidate in candidates {
            let ticks = candidate.filter { tick in
                domain.contains(tick.value) && !others.contains { touches(tick, $0) }
            }
            if ticks.isEmpty { continue }
            if zip(ticks, ticks.dropFirst()).allSatisfy({ !touches($0, $1) }) { return ticks }
        }
        return []
    }

    private func touches(_ first: Tick, _ second: Tick) -> Bool {
        guard let left = position(first.value), let right = position(second.value) else { return false }
        let widths = (first.label.width + second.label.width) * FigureStyle.fontSize
        return abs(right - left) < widths / 2 + 8
    }
}

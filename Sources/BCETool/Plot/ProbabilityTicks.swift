// SPDX-License-Identifier: Apache-2.0

extension Scale {
    /// Ticks of an axis of log-odds, labelled with probabilities: 1, 2 and 5 times powers of ten if there is room, else
    /// only powers of ten, every second power, and so on. They are symmetric about 50%.
    func logOddsTicks(besides others: [Tick]) -> [Tick] {
        let fine = Self.symmetric(
            (1...Self.largestPower).flatMap { [.init(5, $0), .init(2, $0), .init(1, $0)] })
        let coarse = (1...Self.largestPower).lazy.map { step in
            Self.symmetric(stride(from: step, through: Self.largestPower, by: step).map { .init(1, $0) })
        }
        return firstLegible([fine] + coarse, besides: others)
    }

    /// Beyond 1e-18, log-odds are in the outermost bins of an evaluation, which start at 40.
    private static let largestPower = 18

    /// A probability below 1/2: `digit` times ten to the power of -`power`.
    private struct Small {
        let value: Double
        let logOdds: Double
        let label: String
        let labelOfOpposite: String

        init(_ digit: Int, _ power: Int) {
            value = Double(digit) / pow(10, Double(power))
            logOdds = log(value / (1 - value))
            label = value.percentage
            // 99.99% is the last one that can be read at a glance.
            labelOfOpposite =
                power <= 4 ? String(printf: "%.*f%%", max(0, power - 2), 100 * (1 - value)) : "1-\(label)"
        }
    }

    private static func symmetric(_ small: [Small]) -> [Tick] {
        let below = small.filter { $0.value < 0.5 }.sorted { $0.logOdds < $1.logOdds }
        return below.map { Tick(value: $0.logOdds, label: $0.label) }
            + [Tick(value: 0, label: 0.5.percentage)]
            + below.reversed().map { Tick(value: -$0.logOdds, label: $0.labelOfOpposite) }
    }

    /// Ticks of an axis of decimal logarithms of shares, at most five of them.
    var shareTicks: [Tick] {
        let step = ((domain.upperBound - domain.lowerBound) / 4).rounded(.up)
        return stride(from: domain.upperBound, through: domain.lowerBound, by: -step).map { power in
            Tick(value: power, label: pow(10, power).percentage)
        }
    }
}

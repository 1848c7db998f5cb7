// SPDX-License-Identifier: Apache-2.0

extension Scale {
    /// Ticks at multiples of 1, 2 or 5 times a power of ten: as many as have room for their labels, but at most `most`
    /// steps.
    func linearTicks(stepsAtMost most: Int) -> [Tick] {
        firstLegible((1...most).reversed().lazy.map { linearTicks(step: step(atMost: $0)) })
    }

    /// The smallest step of which at most `most` fit into the domain.
    private func step(atMost most: Int) -> Double {
        let smallest = (domain.upperBound - domain.lowerBound) / Double(most)
        let power = pow(10, log10(smallest).rounded(.down))
        return [1, 2, 5].map { $0 * power }.first { $0 >= smallest } ?? 10 * power
    }

    private func linearTicks(step: Double) -> [Tick] {
        let first = (domain.lowerBound / step).rounded(.up)
        let last = (domain.upperBound / step).rounded(.down)
        let decimals = max(0, Int(-log10(step).rounded(.down)))
        return stride(from: first, through: last, by: 1).map { multiple in
            // The sum is never -0.
            let value = multiple * step + 0
            // Beyond these bounds, a label with an exponent is shorter.
            let isPlain = decimals <= 6 && abs(value) < 1e6
            let label = isPlain ? String(printf: "%.\(decimals)f", value) : String(printf: "%.7g", value)
            return Tick(value: value, label: label)
        }
    }
}

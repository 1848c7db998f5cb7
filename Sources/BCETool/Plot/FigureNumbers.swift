// SPDX-License-Identifier: Apache-2.0

/// Numbers as the figure shows them: short enough for their columns, and without a locale.
extension Double {
    /// A probability or a share, to three digits. Below 0.01% it is a number, since the zeros of a percentage would
    /// have to be counted.
    var percentage: String {
        guard isFinite else { return shortText }
        return self == 0 || abs(self) >= 0.99995e-4
            ? String(printf: "%.3g%%", 100 * self) : String(printf: "%.3g", self).withShortExponent
    }

    /// A share in a column of shares: those of 1% and more have one decimal.
    var percentageInColumn: String {
        isFinite && abs(self) >= 0.01 ? String(printf: "%.1f%%", 100 * self) : percentage
    }

    /// The number to four digits.
    var shortText: String {
        if isNaN { return "nan" }
        if isInfinite { return self < 0 ? "-inf" : "inf" }
        return String(printf: "%.4g", self).withShortExponent
    }
}

extension Int {
    /// A number of rows: all digits below a million, three of them with a prefix of the SI otherwise.
    var shortText: String {
        if self < 1_000_000 { return grouped }
        var (number, prefixes) = (Double(self) / 1e6, "MGTPE"[...])
        // A number that would be rounded to 1000 takes the next prefix.
        while number >= 999.5, prefixes.count > 1 {
            number /= 1000
            prefixes.removeFirst()
        }
        let decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0
        return String(printf: "%.\(decimals)f ", number) + String(prefixes.prefix(1))
    }

    private var grouped: String {
        let (thousands, rest) = quotientAndRemainder(dividingBy: 1000)
        return thousands == 0 ? "\(self)" : "\(thousands)," + String(printf: "%03d", rest)
    }
}

extension String {
    /// 1e-5 instead of 1e-05.
    fileprivate var withShortExponent: String {
        replacing("e-0", with: "e-").replacing("e+0", with: "e+")
    }
}

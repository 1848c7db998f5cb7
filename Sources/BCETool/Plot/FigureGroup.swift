// SPDX-License-Identifier: Apache-2.0

/// The rows that have one value in the column by which they are grouped.
struct FigureGroup {
    /// The value, which may be any text.
    let name: String
    let rows: Int
    /// The mean loss of the rows, in nats, and its standard error.
    let loss: Double
    let standardError: Double
    /// The share of the total loss.
    let share: Double

    /// The 95% interval of the loss by the normal approximation; nil if it is not finite.
    var interval: ClosedRange<Double>? {
        let quantile = 1.96
        let half = quantile * standardError
        guard half >= 0, (loss - half).isFinite, (loss + half).isFinite else { return nil }
        return loss - half...loss + half
    }

    var summary: String {
        let error = standardError.isNaN ? "" : ", standard error \(standardError.shortText)"
        return "\(name.shownInFigure): loss \(loss.shortText)\(error), \(rows.shortText) rows, "
            + "\(share.percentage) of the loss"
    }
}

// SPDX-License-Identifier: Apache-2.0

extension GroupTable.Row {
    /// The 95% interval of the loss by the normal approximation; nil if it is not finite.
    var interval: ClosedRange<Double>? {
        let quantile = 1.96
        let half = quantile * standardError
        guard half >= 0, (loss - half).isFinite, (loss + half).isFinite else { return nil }
        return loss - half...loss + half
    }

    var summary: String {
        let error = standardError.isNaN ? "" : ", standard error \(standardError.shortText)"
        return "\(group.shownInFigure): loss \(loss.shortText)\(error), \(count.shortText) rows, "
            + "\(share.percentage) of the loss"
    }
}

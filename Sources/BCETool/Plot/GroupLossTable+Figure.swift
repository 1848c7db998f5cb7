// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

extension GroupLossTable.Row {
    /// The 95% interval of the loss by the normal approximation; nil if it is not finite.
    var interval: ClosedRange<Double>? {
        let half = ConfidenceInterval.normalQuantile * standardError
        guard half >= 0, (loss - half).isFinite, (loss + half).isFinite else { return nil }
        return loss - half...loss + half
    }

    var summary: String {
        let error = standardError.isNaN ? "" : ", standard error \(standardError.shortText)"
        return "\(group.shownInFigure): loss \(loss.shortText)\(error), \(count.shortText) rows, "
            + "\(share.percentage) of the loss"
    }
}

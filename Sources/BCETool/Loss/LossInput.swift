// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// What one loss is computed from: the files, of which pieces are read.
struct LossInput<P: FilePrediction> {
    let isLogits: Bool
    let predictions: FileColumn
    let targets: FileColumn
    let missing: BinaryCrossEntropy.MissingTargets
    let weights: Spread?
    let positiveWeights: Spread?
    let mask: Spread?

    /// Of the predictions.
    var shape: [Int] { predictions.shape }

    var count: Int { predictions.count }

    var columns: [FileColumn] {
        [predictions, targets] + [weights, positiveWeights, mask].compactMap { $0?.column }
    }

    /// Rows and columns, where weights differ by them; else all is one row.
    var plan: PiecePlan {
        let hasElementsOnly = [weights, positiveWeights].allSatisfy { ($0?.kind ?? .elements) == .elements }
        return hasElementsOnly ? PiecePlan(rows: 1, columns: count) : rowPlan
    }

    /// Rows and columns of predictions that are 2-D.
    var rowPlan: PiecePlan { PiecePlan(rows: shape[0], columns: shape[1]) }
}

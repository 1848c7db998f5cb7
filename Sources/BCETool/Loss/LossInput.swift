// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The inputs of one loss: files that are read piece by piece.
struct LossInput<P: FilePrediction> {
    let isLogits: Bool
    let predictions: FileColumn
    let targets: FileColumn
    let missing: BinaryCrossEntropy.MissingTargets
    let weights: Spread?
    let positiveWeights: Spread?
    let mask: Spread?

    /// The shape of the predictions.
    var shape: [Int] { predictions.shape }

    var count: Int { predictions.count }

    var columns: [FileColumn] {
        [predictions, targets] + [weights, positiveWeights, mask].compactMap { $0?.column }
    }

    /// Rows and columns if weights differ between them; otherwise everything is one row.
    var plan: PiecePlan {
        let hasElementsOnly = [weights, positiveWeights].allSatisfy { ($0?.kind ?? .elements) == .elements }
        return hasElementsOnly ? PiecePlan(rows: 1, columns: count) : rowPlan
    }

    /// Rows and columns of 2-D predictions.
    var rowPlan: PiecePlan { PiecePlan(rows: shape[0], columns: shape[1]) }
}

// SPDX-License-Identifier: Apache-2.0

@_exported public import CrossEntropy
internal import CrossEntropyKernels

extension BinaryCrossEntropy {
    /// Writes the loss of every row of logits against every row of targets: the cost matrix of a matching (DETR,
    /// Mask2Former), a Bernoulli mixture, or a nearest-code search.
    ///
    ///     losses[i, j] = sum over k of loss(logits[i, k], targets[j, k]), divided by the columns for a mean
    ///
    /// A loss is linear in its target, l(t) = l(0) + t (l(1) - l(0)), so all pairs are computed with one matrix product
    /// and one sum per row. With D[i, k] = l(x[i, k], 1) - l(x[i, k], 0), which is -x for the plain loss,
    ///
    ///     losses = (row sums of l(0)) 1^T + D targets^T                                  (a rank-one update, one gemm)
    ///
    /// This holds for all options except a focal factor with targets strictly between 0 and 1, and missing targets.
    /// With those, and for a row with an infinite loss (a certain prediction) or a NaN, each pair is computed
    /// separately.
    ///
    /// Accuracy: BLAS sums in the element type, and l(0) cancels if a pair agrees. The error of a sum is about 2^-24
    /// (Float) or 2^-53 (Double) times the row's sum of l(0) + l(1), and at most columns + 4 times that. BLAS
    /// determines the order of its sums, so results may differ in their last bits with its threads and its version.
    ///
    /// - Parameters:
    ///   - logits: m x k numbers.
    ///   - targets: n x k numbers in [0, 1]. They are rounded to the type of the logits if they are of another type.
    ///   - losses: m x n numbers, overwritten with losses in nats.
    ///   - workspace: memory that is kept for the next call: 4.3 MiB plus 8 bytes per row of logits.
    /// - Throws: `CrossEntropyError.shapeMismatch`, `.matrixTooLarge` or `.valueOutOfDomain`, before anything is
    ///   written.
    public func writePairwiseLosses<S: LossScalar, T: LossTarget>(
        logits: MatrixView<S>, targets: MatrixView<T>, into losses: inout MutableMatrixView<S>,
        workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        try writePairwise(.logits, logits, targets, &losses, workspace)
    }

    /// The same for probabilities in [0, 1]; `clipping` keeps the losses of certain predictions finite.
    public func writePairwiseLosses<S: LossScalar, T: LossTarget>(
        probabilities: MatrixView<S>, targets: MatrixView<T>, into losses: inout MutableMatrixView<S>,
        workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        try writePairwise(.probabilities, probabilities, targets, &losses, workspace)
    }

    func writePairwise<S: LossScalar, T: LossTarget>(
        _ domain: PredictionDomain, _ predictions: MatrixView<S>, _ targets: MatrixView<T>,
        _ losses: inout MutableMatrixView<S>, _ workspace: BLASWorkspace?
    ) throws(CrossEntropyError) {
        let left = try unsafe Matrix(predictions, "predictions")
        let right = try unsafe Matrix(targets: targets)
        let (rows, columns, rowStride) = (losses.rows, losses.columns, losses.rowStride)
        try unsafe losses.elements.withUnsafeMutableBytes { output throws(CrossEntropyError) in
            let place = unsafe PairwiseOutput(
                output.baseAddress, rows: rows, columns: columns, rowStride: rowStride)
            try unsafe writePairwise(domain, left, right, into: place, workspace)
        }
    }
}

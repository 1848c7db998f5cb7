// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// What computes the losses of all pairs of rows: a product of matrices, for which `bce-pairwise` has OpenBLAS. Files
/// and arguments need to know no more of it.
package protocol PairwiseLosses {
    /// - Parameter isLogits: whether the predictions are logits, else probabilities.
    func write<P: LossScalar, T: LossTarget>(
        _ options: BinaryCrossEntropy, _ predictions: MatrixView<P>, isLogits: Bool, _ targets: MatrixView<T>,
        into losses: inout MutableMatrixView<P>
    ) throws
}

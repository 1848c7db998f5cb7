// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// Computes the losses of all pairs of rows, as a product of matrices for which `bce-pairwise` has OpenBLAS. This is
/// all that the code for files and arguments needs to know about it.
package protocol PairwiseLosses {
    /// - Parameter isLogits: whether the predictions are logits; otherwise they are probabilities.
    func write<P: LossScalar, T: LossTarget>(
        _ options: BinaryCrossEntropy, _ predictions: MatrixView<P>, isLogits: Bool, _ targets: MatrixView<T>,
        into losses: inout MutableMatrixView<P>
    ) throws
}

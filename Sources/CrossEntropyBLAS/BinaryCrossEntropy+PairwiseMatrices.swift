// SPDX-License-Identifier: Apache-2.0

package import CrossEntropy
package import CrossEntropyKernels
internal import CrossEntropyVectorMath

/// The memory that pairwise losses are written to, in the type of the predictions: for each row of predictions, a loss
/// for each row of targets.
@unsafe
package struct PairwiseOutput {
    let base: UnsafeMutableRawPointer?
    let rows, columns, rowStride: Int

    package init(_ base: UnsafeMutableRawPointer?, rows: Int, columns: Int, rowStride: Int) {
        unsafe self.base = base
        unsafe (self.rows, self.columns, self.rowStride) = (rows, columns, rowStride)
    }
}

extension BinaryCrossEntropy {
    /// Implements `writePairwiseLosses(logits:targets:into:workspace:)` for predictions of either kind, and for
    /// matrices whose element type is known only at run time. Predictions are Floats or Doubles.
    package func writePairwise(
        _ domain: PredictionDomain, _ predictions: Matrix, _ targets: Matrix, into losses: PairwiseOutput,
        _ workspace: BLASWorkspace?
    ) throws(CrossEntropyError) {
        try unsafe checkShape(
            "targets", targets.rows, targets.columns, targets.rows, predictions.columns)
        try unsafe checkShape("losses", losses.rows, losses.columns, predictions.rows, targets.rows)
        try unsafe checkBLASSize("losses", losses.rows, losses.rowStride)
        guard let base = unsafe losses.base, unsafe losses.rows > 0, unsafe losses.columns > 0 else { return }

        let dtype = unsafe predictions.dtype
        let product = unsafe try PairwiseProduct(
            self, domain, dtype, targets: targets.dtype, columns: predictions.columns)
        try unsafe targets.checkDomain("targets", self, product.formula)
        if product.formula.checksPredictions {
            // Predictions are never missing.
            try unsafe predictions.checkDomain("probabilities", self, .plainProbabilities)
        }
        let call = unsafe PairwiseCall(
            options: self, product: product, predictions: predictions, targets: targets,
            rowStride: losses.rowStride)
        let room = workspace ?? BLASWorkspace()
        switch dtype {
        case .double: try unsafe call.write(into: base.assumingMemoryBound(to: Double.self), room)
        default: try unsafe call.write(into: base.assumingMemoryBound(to: Float.self), room)
        }
    }
}

/// Arguments that have been checked.
@unsafe
private struct PairwiseCall {
    let options: BinaryCrossEntropy
    let product: PairwiseProduct
    let predictions, targets: Matrix
    /// The row stride of the losses.
    let rowStride: Int

    func write<S: BLASNumber>(
        into losses: UnsafeMutablePointer<S>, _ workspace: BLASWorkspace
    ) throws(CrossEntropyError) {
        for row in unsafe rowsWithoutProduct(losses, workspace) {
            for column in unsafe 0..<targets.rows {
                let loss = try unsafe options.loss(
                    logits: product.formula.domain == .logits, predictions.memory(ofRow: row),
                    targets.memory(ofRow: column))
                unsafe losses[row * rowStride + column] = S(loss)
            }
        }
    }

    /// Writes the losses that are products of matrices; returns the rows whose losses must be computed pair by pair.
    private func rowsWithoutProduct<S: BLASNumber>(
        _ losses: UnsafeMutablePointer<S>, _ workspace: BLASWorkspace
    ) -> [Int] {
        guard unsafe product.isLinear(in: targets) else { return unsafe Array(0..<predictions.rows) }
        return unsafe PairwiseJob(product, predictions, targets, losses, rowStride, workspace).run()
    }
}

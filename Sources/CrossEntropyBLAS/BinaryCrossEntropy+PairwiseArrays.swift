// SPDX-License-Identifier: Apache-2.0

public import CrossEntropy
internal import CrossEntropyKernels

/// Pairwise losses of matrices that are stored as arrays, row by row.
extension BinaryCrossEntropy {
    /// Writes the loss of every row of logits against every row of targets; see
    /// `writePairwiseLosses(logits:targets:into:workspace:)`.
    ///
    /// - Parameters:
    ///   - logits: m x columns numbers.
    ///   - targets: n x columns numbers in [0, 1].
    ///   - columns: the number of elements per row, at least 1.
    ///   - losses: m x n numbers, row by row. The array grows if it has too few elements; elements beyond those written
    ///     are unchanged.
    ///   - workspace: memory that is kept for the next call.
    /// - Throws: `CrossEntropyError.invalidOption` if `columns` does not divide both counts, and as for the overload
    ///   for matrices.
    public func pairwiseLosses<S: LossScalar, T: LossTarget>(
        logits: [S], targets: [T], columns: Int, into losses: inout [S], workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        try write(.logits, logits, targets, columns, &losses, workspace)
    }

    /// The loss of every row of logits against every row of targets: m x n numbers, row by row.
    public func pairwiseLosses<S: LossScalar, T: LossTarget>(
        logits: [S], targets: [T], columns: Int, workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) -> [S] {
        var losses: [S] = []
        try pairwiseLosses(
            logits: logits, targets: targets, columns: columns, into: &losses, workspace: workspace)
        return losses
    }

    /// Writes the loss of every row of probabilities against every row of targets; see the overload for logits.
    public func pairwiseLosses<S: LossScalar, T: LossTarget>(
        probabilities: [S], targets: [T], columns: Int, into losses: inout [S],
        workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) {
        try write(.probabilities, probabilities, targets, columns, &losses, workspace)
    }

    /// The loss of every row of probabilities against every row of targets: m x n numbers, row by row.
    public func pairwiseLosses<S: LossScalar, T: LossTarget>(
        probabilities: [S], targets: [T], columns: Int, workspace: BLASWorkspace? = nil
    ) throws(CrossEntropyError) -> [S] {
        var losses: [S] = []
        try pairwiseLosses(
            probabilities: probabilities, targets: targets, columns: columns, into: &losses,
            workspace: workspace)
        return losses
    }

    private func write<S: LossScalar, T: LossTarget>(
        _ domain: PredictionDomain, _ predictions: [S], _ targets: [T], _ columns: Int,
        _ losses: inout [S], _ workspace: BLASWorkspace?
    ) throws(CrossEntropyError) {
        let m = try rowCount(predictions.count, "predictions", columns: columns)
        let n = try rowCount(targets.count, "targets", columns: columns)
        losses.makeRoom(for: m * n)
        var output = try MutableMatrixView(losses.mutableSpan, rows: m, columns: n)
        try writePairwise(
            domain, MatrixView(predictions.span, rows: m, columns: columns),
            MatrixView(targets.span, rows: n, columns: columns), &output, workspace)
    }
}

/// The number of rows of `columns` elements in an array of `count` elements.
func rowCount(_ count: Int, _ argument: String, columns: Int) throws(CrossEntropyError) -> Int {
    guard columns > 0, count % columns == 0 else {
        throw .invalidOption(
            option: "columns", value: Double(columns), allowed: "a divisor of the \(count) \(argument)")
    }
    return count / columns
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropy

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
        let (m, n) = try rows(logits.count, targets.count, columns)
        losses.makeRoom(for: m * n)
        var output = try MutableMatrixView(losses.mutableSpan, rows: m, columns: n)
        try writePairwiseLosses(
            logits: MatrixView(logits.span, rows: m, columns: columns),
            targets: MatrixView(targets.span, rows: n, columns: columns), into: &output, workspace: workspace)
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
        let (m, n) = try rows(probabilities.count, targets.count, columns)
        losses.makeRoom(for: m * n)
        var output = try MutableMatrixView(losses.mutableSpan, rows: m, columns: n)
        try writePairwiseLosses(
            probabilities: MatrixView(probabilities.span, rows: m, columns: columns),
            targets: MatrixView(targets.span, rows: n, columns: columns), into: &output, workspace: workspace)
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

    private func rows(
        _ predictions: Int, _ targets: Int, _ columns: Int
    ) throws(CrossEntropyError) -> (Int, Int) {
        try (
            rowCount(predictions, "predictions", columns: columns),
            rowCount(targets, "targets", columns: columns)
        )
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

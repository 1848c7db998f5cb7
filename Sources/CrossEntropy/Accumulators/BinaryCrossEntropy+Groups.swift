// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// Adds the losses of a batch to those of groups. The reduction has no effect.
    ///
    /// Elements that the mask excludes, and elements whose target is missing, do not count. If several threads add a
    /// batch, each of them needs sums of all groups. A batch of fewer than 2^18 elements, or with fewer than 4 per group,
    /// is therefore added by one thread.
    ///
    /// - Parameters:
    ///   - batch: the predictions and targets.
    ///   - groups: the number of the group of each row, or of each element if the batch has one row.
    ///   - total: is unchanged if an error is thrown.
    /// - Throws: `CrossEntropyError.valueOutOfDomain` for a number that is not in `0..<total.groupCount`, and for
    ///   targets and probabilities as in other calls; `.countMismatch` for the groups; `.tooManyElements` if the count
    ///   would exceed 2^42.
    @inlinable
    public func add<P, G: GroupNumber>(
        _ batch: borrowing LossBatch<P>, groups: Span<G>, to total: inout GroupedLosses
    ) throws(CrossEntropyError) {
        try unsafe add(batch.memory, GroupNumbers(groups), to: &total)
    }

    /// Adds the losses of a batch to those of groups; see `add(_:groups:to:)` of a `LossBatch`.
    @inlinable
    public func add<P, T, G: GroupNumber>(
        _ batch: ArrayBatch<P, T>, groups: [G], to total: inout GroupedLosses
    ) throws(CrossEntropyError) {
        defer { extendLifetime(groups) }
        try batch.withMemory { memory throws(CrossEntropyError) in
            try unsafe add(memory, GroupNumbers(groups.elements), to: &total)
        }
    }

    @usableFromInline
    package func add(
        _ batch: BatchMemory, _ groups: GroupNumbers, to total: inout GroupedLosses
    ) throws(CrossEntropyError) {
        try evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            try unsafe evaluation.add(groups, to: &total)
        }
    }
}

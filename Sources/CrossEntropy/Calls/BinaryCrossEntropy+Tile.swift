// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// Calls on a batch that is one tile. They need no `Evaluation`, which takes longer to set up than a kernel takes for
/// sixteen elements. They return nil where an evaluation is needed.
extension BinaryCrossEntropy {
    /// The loss. Nil if there are several tiles, or if an element may be outside its domain.
    @inline(always)
    func lossOfTile(_ batch: BatchMemory) throws(CrossEntropyError) -> Double? {
        guard isTile(batch) else { return nil }
        if batch.isBare, hasNoOptions, batch.domain == .logits || clipping == .unclipped {
            return try loss(batch.domain, batch.whole)
        }
        let level = try kernelLevel
        var formula = Formula()
        set(&formula, batch.domain, batch.result, targets: batch.targetType, weight: batch.weight)
        var slice = batch.whole
        slice.leaveOutOnes(of: batch, level)
        let sums = unsafe slice.sums(&formula, level, wantsWeight: reduction == .weightedMean)
        guard !sums.mayBeOutside || domainChecks == .unchecked else { return nil }
        return sums.reduced(reduction)
    }

    /// Writes the derivatives, and returns the sums from the same pass. Nil, before anything is written, if there are
    /// several tiles or the divisor has to be computed. If an element may be outside its domain, the caller must have an
    /// evaluation search for it and throw its error.
    ///
    /// - Parameter wantsLoss: if false, the result tells only whether an element may be outside its domain.
    @inline(always)
    func sumsOfTile(
        _ batch: BatchMemory, writing buffers: DerivativeBuffers, _ scale: Double, wantsLoss: Bool
    ) throws(CrossEntropyError) -> SliceSums? {
        guard isTile(batch), let divisor = knownDivisor(batch) else { return nil }
        let level = try kernelLevel
        try unsafe batch.check(buffers)
        var formula = Formula()
        set(
            &formula, batch.domain, batch.result, targets: batch.targetType, weight: batch.weight,
            scale: ScaledDouble(scale) / divisor)
        var slice = batch.whole
        slice.leaveOutOnes(of: batch, level)
        return unsafe wantsLoss
            ? slice.sumsWriting(buffers.outputs, &formula, level)
            : SliceSums(mayBeOutside: slice.write(buffers.outputs, &formula, level))
    }

    /// The divisor of the reduction; nil if it depends on the elements.
    @inline(always)
    private func knownDivisor(_ batch: BatchMemory) -> ScaledDouble? {
        if reduction == .sum { return ScaledDouble(1) }
        let countsAll = batch.mask == nil && missingTargets == .never
        return reduction == .mean && countsAll ? ScaledDouble(Double(batch.count)) : nil
    }

    @inline(always)
    private func isTile(_ batch: BatchMemory) -> Bool {
        (1...Schedule.tile(batch.result)).contains(batch.count) && !batch.hasGaps
    }
}

extension BatchSlice {
    /// Removes weights that have no effect on any element of a batch.
    @inline(always)
    fileprivate mutating func leaveOutOnes(of batch: BatchMemory, _ level: KernelLevel) {
        leaveOutOnes(ofElements: level)
        rowWeights = rowWeights?.unlessOnes(batch.rows, level)
        columnWeights = columnWeights?.unlessOnes(batch.columns, level)
        positiveColumnWeights = positiveColumnWeights?.unlessOnes(batch.columns, level)
    }
}

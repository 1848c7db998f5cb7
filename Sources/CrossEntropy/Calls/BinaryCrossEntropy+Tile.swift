// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// Calls on a batch that is one tile. They need no `Evaluation`, which takes longer to set up than a kernel takes for
/// sixteen elements. They return nil, or false, where an evaluation is needed.
extension BinaryCrossEntropy {
    /// The loss. Nil if there are several tiles, or if an element may be outside its domain.
    @inline(always)
    func lossOfTile(_ batch: BatchMemory) throws(CrossEntropyError) -> Double? {
        guard isTile(batch) else { return nil }
        if batch.isBare, hasNoOptions, batch.domain == .logits || clipping == .unclipped {
            return try loss(batch.domain, batch.slice(0..<batch.count))
        }
        let level = try kernelLevel
        var formula = Formula(batch.domain)
        set(&formula, batch.result, weight: batch.weight)
        let slice = tile(batch, level)
        let sums = unsafe slice.sums(&formula, level, wantsWeight: reduction == .weightedMean)
        guard !sums.mayBeOutside || domainChecks == .unchecked else { return nil }
        return sums.reduced(reduction)
    }

    /// The loss, from the pass that writes the derivatives. Nil, before anything is written, if there are several tiles or
    /// the divisor has to be computed.
    @inline(always)
    func lossOfTile(
        _ batch: BatchMemory, writing buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) -> Double? {
        let sums = try unsafe differentiateTile(batch, buffers, scale) { slice, outputs, formula, level in
            unsafe slice.sumsWriting(outputs, formula, level)
        }
        return sums?.reduced(reduction)
    }

    /// Writes the derivatives, and returns whether it has.
    @inline(always)
    func writeDerivativesOfTile(
        _ batch: BatchMemory, into buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) -> Bool {
        try unsafe differentiateTile(batch, buffers, scale) { slice, outputs, formula, level in
            SliceSums(mayBeOutside: unsafe slice.write(outputs, formula, level))
        } != nil
    }

    @inline(always)
    private func differentiateTile(
        _ batch: BatchMemory, _ buffers: DerivativeBuffers, _ scale: Double,
        _ body: (BatchSlice, Outputs, UnsafePointer<Formula>, KernelLevel) -> SliceSums
    ) throws(CrossEntropyError) -> SliceSums? {
        let isMean = reduction == .mean && batch.mask == nil && missingTargets == .never
        guard isTile(batch), isMean || reduction == .sum else { return nil }
        let level = try kernelLevel
        try unsafe batch.check(buffers)
        var formula = Formula(batch.domain)
        set(&formula, batch.result, weight: batch.weight)
        formula.scale = ScaledDouble(scale) / ScaledDouble(isMean ? Double(batch.count) : 1)
        let sums = unsafe body(tile(batch, level), buffers.outputs, &formula, level)
        if sums.mayBeOutside {
            try evaluate(batch) { (evaluation) throws(CrossEntropyError) in try evaluation.refuse(if: true) }
        }
        return sums
    }

    @inline(always)
    private func isTile(_ batch: BatchMemory) -> Bool {
        (1...Schedule.tile(batch.result)).contains(batch.count) && !batch.hasGaps
    }

    /// All elements, without weights that have no effect.
    @inline(always)
    private func tile(_ batch: BatchMemory, _ level: KernelLevel) -> BatchSlice {
        var slice = batch.slice(0..<batch.count)
        slice.leaveOutOnes(ofElements: level)
        slice.rowWeights = slice.rowWeights?.unlessOnes(batch.rows, level)
        slice.columnWeights = slice.columnWeights?.unlessOnes(batch.columns, level)
        slice.positiveColumnWeights = slice.positiveColumnWeights?.unlessOnes(batch.columns, level)
        return slice
    }
}

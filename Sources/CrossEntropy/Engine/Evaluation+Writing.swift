// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The caller's buffers that a call writes; `hessian` is nil if it is not requested.
@unsafe @usableFromInline
package struct DerivativeBuffers {
    let gradient: UnsafeMutableRawBufferPointer
    let hessian: UnsafeMutableRawBufferPointer?

    @usableFromInline
    package init(_ gradient: UnsafeMutableRawBufferPointer, _ hessian: UnsafeMutableRawBufferPointer? = nil) {
        unsafe self.gradient = gradient
        unsafe self.hessian = hessian
    }

    /// Where a kernel writes the derivatives of all elements.
    var outputs: Outputs { unsafe Outputs(gradient: gradient.baseAddress, hessian: hessian?.baseAddress) }
}

extension Evaluation {
    func write(into losses: UnsafeMutableRawBufferPointer) throws(CrossEntropyError) {
        try checkRoom(batch.result.elements(in: losses.count), "losses", batch.count)
        let outputs = unsafe Outputs(losses: losses.baseAddress)
        try refuse(if: write(outputs))
    }

    func writeDerivatives(
        into buffers: DerivativeBuffers, scale: Double
    ) throws(CrossEntropyError) {
        try unsafe prepare(buffers, scale)
        try refuse(if: unsafe writeDerivatives(into: buffers))
    }

    /// Returns whether an element that counts may be outside its domain.
    func writeDerivatives(into buffers: DerivativeBuffers) -> Bool {
        unsafe write(buffers.outputs)
    }

    func reducedWritingDerivatives(
        into buffers: DerivativeBuffers, scale: Double
    ) throws(CrossEntropyError) -> Double {
        let divisor = try unsafe prepare(buffers, scale)
        let total = sums { slice in unsafe slice.sumsWriting(outputs(buffers, slice), formula, level) }
        try refuse(if: total.mayBeOutside)
        return reduction == .sum ? total.loss.value : total.loss / divisor
    }

    /// Checks the buffers and stores the factor of the derivatives in the formula; returns the divisor of the loss.
    @discardableResult
    private func prepare(
        _ buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) -> ScaledDouble {
        try unsafe batch.check(buffers)
        return divideDerivatives(by: divisor, scale: scale)
    }

    /// Stores `scale` / `divisor` in the formula as the factor of the derivatives, and returns the divisor of the loss
    /// for that formula. If the sum of the weights is so large or small that its reciprocal is not a normal number, all
    /// weights are multiplied by a power of two, which does not change a weighted mean.
    ///
    /// If nothing counts, the mean is NaN and the derivatives are 0.
    @discardableResult
    func divideDerivatives(by divisor: ScaledDouble, scale: Double) -> ScaledDouble {
        var divisor = divisor
        if reduction == .weightedMean {
            let normal = divisor.normalized
            if normal.exponent.magnitude > 900 {
                let shift = max(-1022, min(-normal.exponent, 1023))
                unsafe formula.pointee.weigh(timesTwoTo: shift)
                divisor = ScaledDouble(normal.significand, timesTwoTo: normal.exponent + shift)
            }
        }
        unsafe formula.pointee.scale = divisor.significand == 0 ? 0 : ScaledDouble(scale) / divisor
        return divisor
    }

    /// The memory for the derivatives of a slice.
    func outputs(_ buffers: DerivativeBuffers, _ slice: BatchSlice) -> Outputs {
        unsafe buffers.outputs.from(slice.first, batch.result)
    }

    /// Writes all elements, on several threads; returns whether one that counts may be outside its domain.
    private func write(_ outputs: Outputs) -> Bool {
        let outside = DomainFlag()
        let size = threads == 1 ? 16 : Schedule.tilesAtATime
        schedule.runSlabs(ofTiles: size, threads: threads, areShort: true) { tiles in
            outside.raise(if: writePlain(tiles, outputs) ?? write(tiles, outputs))
        }
        return outside.isRaised
    }

    /// Writes plain elements of several tiles in one call of a kernel, because to start each tile takes 8% of the time of
    /// a gradient of probabilities (Zen 4 EPYC). Nil if the elements are not plain or a result is not finite.
    private func writePlain(_ tiles: Range<Int>, _ outputs: Outputs) -> Bool? {
        guard batch.isBare else { return nil }
        let slice = slice(schedule.range(tiles))
        return unsafe slice.writePlain(outputs.from(slice.first, batch.result), formula, level)
    }

    private func write(_ tiles: Range<Int>, _ outputs: Outputs) -> Bool {
        var mayBeOutside = false
        for tile in tiles {
            forEachSlice(schedule.range(tile)) { slice in
                let outputs = outputs.from(slice.first, batch.result)
                mayBeOutside = unsafe slice.write(outputs, formula, level) || mayBeOutside
            }
        }
        return mayBeOutside
    }
}

extension BatchMemory {
    /// Checks that buffers for derivatives have enough room, and that the derivatives exist.
    @inline(always)
    func check(_ buffers: DerivativeBuffers?) throws(CrossEntropyError) {
        guard let buffers = unsafe buffers else { return }
        try checkRoom(unsafe result.elements(in: buffers.gradient.count), "gradient", count)
        if let hessian = unsafe buffers.hessian {
            try checkRoom(result.elements(in: hessian.count), "hessian", count)
            guard domain == .logits else { throw .hessianOfProbabilities }
        }
    }
}

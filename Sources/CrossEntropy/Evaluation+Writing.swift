// SPDX-License-Identifier: Apache-2.0

internal import KernelLevels

/// Buffers of the caller that a call writes; `hessian` where it is asked for.
@unsafe @usableFromInline
struct DerivativeBuffers {
    let gradient: UnsafeMutableRawBufferPointer
    let hessian: UnsafeMutableRawBufferPointer?

    @usableFromInline
    init(_ gradient: UnsafeMutableRawBufferPointer, _ hessian: UnsafeMutableRawBufferPointer? = nil) {
        unsafe self.gradient = gradient
        unsafe self.hessian = hessian
    }
}

extension Evaluation {
    func write(into losses: UnsafeMutableRawBufferPointer) throws(CrossEntropyError) {
        let type = batch.result
        try checkCount(losses.count / type.bytes(1), "losses", plan.count)
        run { tile in
            unsafe tile.kernels.write(
                into: losses.baseAddress! + type.bytes(tile.range.lowerBound), formula, level)
        }
    }

    mutating func writeDerivatives(
        into buffers: DerivativeBuffers, scale: Double
    ) throws(CrossEntropyError) {
        try unsafe prepare(buffers, scale)
        unsafe writeDerivatives(into: buffers)
    }

    func writeDerivatives(into buffers: DerivativeBuffers) {
        run { tile in unsafe tile.kernels.writeDerivatives(places(buffers, tile), formula, level) }
    }

    mutating func reducedWritingDerivatives(
        into buffers: DerivativeBuffers, scale: Double
    ) throws(CrossEntropyError) -> Double {
        let divisor = try unsafe prepare(buffers, scale)
        let sum = sum { tile in
            unsafe tile.kernels.sumWritingDerivatives(places(buffers, tile), formula, level)
        }
        return reduction == .sum ? sum.value : sum / divisor
    }

    /// Checks the buffers and puts the factor of derivatives into the formula; returns the divisor of the loss.
    @discardableResult
    private mutating func prepare(
        _ buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) -> ScaledDouble {
        try unsafe check(buffers)
        return divideDerivatives(by: divisor, scale: scale)
    }

    /// Puts `scale` over `divisor` into the formula as the factor of derivatives. Returns the divisor of the loss by that
    /// formula: where the sum of weights is so large or small that its reciprocal is not a normal number, all weights are
    /// multiplied by a power of two, which changes no weighted mean.
    ///
    /// Where nothing counts, the mean is NaN, and the derivative 0.
    @discardableResult
    mutating func divideDerivatives(by divisor: ScaledDouble, scale: Double) -> ScaledDouble {
        var divisor = divisor.normalized
        if reduction == .weightedMean, divisor.exponent.magnitude > 900 {
            let shift = max(-1022, min(-divisor.exponent, 1023))
            formula = formula.weighing(timesTwoTo: shift)
            divisor.exponent += shift
        }
        formula.scale = divisor.significand == 0 ? 0 : ScaledDouble(scale) / divisor
        return divisor
    }

    func check(_ buffers: DerivativeBuffers?) throws(CrossEntropyError) {
        guard let buffers = unsafe buffers else { return }
        let bytes = batch.result.bytes(1)
        try checkCount(unsafe buffers.gradient.count / bytes, "gradient", plan.count)
        if let hessian = unsafe buffers.hessian {
            try checkCount(hessian.count / bytes, "hessian", plan.count)
            guard batch.domain == .logits else { throw .hessianOfProbabilities }
        }
    }

    func places(_ buffers: DerivativeBuffers, _ tile: Tile) -> DerivativePlaces {
        let offset = batch.result.bytes(tile.range.lowerBound)
        return unsafe DerivativePlaces(
            gradient: buffers.gradient.baseAddress! + offset,
            hessian: buffers.hessian.map { unsafe $0.baseAddress! + offset })
    }

    private func run(_ body: (inout Tile) -> Void) {
        plan.run(threads: threads) { index in
            forEachTile(plan.range(index), body)
        }
    }
}

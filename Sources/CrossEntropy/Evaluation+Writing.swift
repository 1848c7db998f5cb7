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
        return reduction == .sum ? sum.value : sum.value / divisor
    }

    /// Checks the buffers and puts the factor of derivatives into the formula; returns the divisor of the loss.
    @discardableResult
    private mutating func prepare(
        _ buffers: DerivativeBuffers, _ scale: Double
    ) throws(CrossEntropyError) -> Double {
        try unsafe check(buffers)
        let divisor = divisor
        formula.scale = Self.scale(scale, over: divisor)
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
            _ = forEachTile(plan.range(index)) { tile in
                body(&tile)
                return 0
            }
        }
    }
}

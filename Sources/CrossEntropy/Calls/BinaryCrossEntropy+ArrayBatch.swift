// SPDX-License-Identifier: Apache-2.0

/// Calls on an `ArrayBatch`.
extension BinaryCrossEntropy {
    /// The reduced loss of a batch; see `loss(_:)` of a `LossBatch`.
    @inlinable
    public func loss<P, T>(_ batch: ArrayBatch<P, T>) throws(CrossEntropyError) -> Double {
        try batch.withMemory { memory throws(CrossEntropyError) in try loss(memory) }
    }

    /// The reduced loss of a batch, with its gradient; see `loss(_:writingGradientInto:gradientScale:)`.
    @inlinable
    @discardableResult
    public func loss<P, T>(
        _ batch: ArrayBatch<P, T>, gradient: inout [P.LossResult], gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        gradient.makeRoom(for: batch.predictions.count)
        return try unsafe gradient.withUnsafeMutableBufferPointer { gradient throws(CrossEntropyError) in
            let output = unsafe DerivativeBuffers(UnsafeMutableRawBufferPointer(gradient))
            return try batch.withMemory { memory throws(CrossEntropyError) in
                unsafe try lossWritingDerivatives(memory, into: output, gradientScale)
            }
        }
    }

    /// The reduced loss of a batch of logits, with its gradient and the diagonal of its Hessian; see
    /// `loss(_:writingGradientInto:hessianDiagonal:gradientScale:)`.
    @inlinable
    @discardableResult
    public func loss<P, T>(
        _ batch: ArrayBatch<P, T>, gradient: inout [P.LossResult], hessianDiagonal: inout [P.LossResult],
        gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        gradient.makeRoom(for: batch.predictions.count)
        hessianDiagonal.makeRoom(for: batch.predictions.count)
        return try unsafe gradient.withUnsafeMutableBufferPointer { gradient throws(CrossEntropyError) in
            try unsafe hessianDiagonal.withUnsafeMutableBufferPointer { hessian throws(CrossEntropyError) in
                let output = unsafe DerivativeBuffers(
                    UnsafeMutableRawBufferPointer(gradient), UnsafeMutableRawBufferPointer(hessian))
                return try batch.withMemory { memory throws(CrossEntropyError) in
                    unsafe try lossWritingDerivatives(memory, into: output, gradientScale)
                }
            }
        }
    }

    /// The loss of each element of a batch; see `writeLosses(_:into:)`.
    @inlinable
    public func losses<P, T>(_ batch: ArrayBatch<P, T>) throws(CrossEntropyError) -> [P.LossResult] {
        var losses = [P.LossResult]()
        try self.losses(batch, into: &losses)
        return losses
    }

    /// The same, written into an array. It grows if it has too few elements; elements beyond those written are
    /// unchanged.
    @inlinable
    public func losses<P, T>(
        _ batch: ArrayBatch<P, T>, into output: inout [P.LossResult]
    ) throws(CrossEntropyError) {
        output.makeRoom(for: batch.predictions.count)
        try unsafe output.withUnsafeMutableBufferPointer { output throws(CrossEntropyError) in
            let bytes = UnsafeMutableRawBufferPointer(output)
            try batch.withMemory { memory throws(CrossEntropyError) in unsafe try write(memory, into: bytes) }
        }
    }

    /// The gradient of the reduced loss of a batch; see `writeGradient(_:into:gradientScale:)`.
    @inlinable
    public func gradient<P, T>(
        _ batch: ArrayBatch<P, T>, gradientScale: Double = 1
    ) throws(CrossEntropyError) -> [P.LossResult] {
        var gradient = [P.LossResult]()
        try self.gradient(batch, into: &gradient, gradientScale: gradientScale)
        return gradient
    }

    /// The same, written into an array. It grows if it has too few elements; elements beyond those written are
    /// unchanged.
    @inlinable
    public func gradient<P, T>(
        _ batch: ArrayBatch<P, T>, into output: inout [P.LossResult], gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        output.makeRoom(for: batch.predictions.count)
        try unsafe output.withUnsafeMutableBufferPointer { output throws(CrossEntropyError) in
            let buffers = unsafe DerivativeBuffers(UnsafeMutableRawBufferPointer(output))
            try batch.withMemory { memory throws(CrossEntropyError) in
                unsafe try writeDerivatives(memory, into: buffers, gradientScale)
            }
        }
    }

    /// The reduced loss of each row; see `writeRowLosses(_:into:)`.
    @inlinable
    public func rowLosses<P, T>(_ batch: ArrayBatch<P, T>) throws(CrossEntropyError) -> [Double] {
        try batch.withMemory { memory throws(CrossEntropyError) in try rowLosses(memory) }
    }

    /// The reduced loss of each column; see `writeColumnLosses(_:into:)`.
    @inlinable
    public func columnLosses<P, T>(_ batch: ArrayBatch<P, T>) throws(CrossEntropyError) -> [Double] {
        try batch.withMemory { memory throws(CrossEntropyError) in try columnLosses(memory) }
    }

    /// The reduced loss with counts and its standard error; see `report(_:)` of a `LossBatch`.
    @inlinable
    public func report<P, T>(_ batch: ArrayBatch<P, T>) throws(CrossEntropyError) -> LossReport {
        try batch.withMemory { memory throws(CrossEntropyError) in try report(memory) }
    }
}

extension BinaryCrossEntropy {
    /// Adds the losses of a batch to `total`; see `add(_:to:)` of a `LossBatch`.
    @inlinable
    public func add<P, T>(
        _ batch: ArrayBatch<P, T>, to total: inout LossAccumulator
    ) throws(CrossEntropyError) {
        try batch.withMemory { memory throws(CrossEntropyError) in try add(memory, to: &total) }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// The loss of each logit, weighted but not reduced, in nats; see `writeLosses(_:into:)`.
    @inlinable
    public func losses<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil
    ) throws(CrossEntropyError) -> [P.LossResult] {
        var output = [P.LossResult]()
        try losses(
            logits: logits, targets: targets, columns: columns, weights: weights, rowWeights: rowWeights,
            columnWeights: columnWeights, positiveWeights: positiveWeights,
            positiveColumnWeights: positiveColumnWeights, mask: mask, into: &output)
        return output
    }

    /// The same, written into an array. It grows if it has too few elements; elements beyond those written are
    /// unchanged.
    @inlinable
    public func losses<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, into output: inout [P.LossResult]
    ) throws(CrossEntropyError) {
        defer {
            keepAlive(
                logits, targets, weights, rowWeights, columnWeights, positiveWeights, positiveColumnWeights,
                mask)
        }
        output.makeRoom(for: logits.count)
        unsafe try output.withUnsafeMutableBufferPointer { output throws(CrossEntropyError) in
            unsafe try losses(
                logits: logits.elements, targets: targets.elements, columns: columns,
                weights: weights?.elements, rowWeights: rowWeights?.elements,
                columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
                positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements, into: output)
        }
    }

    /// The loss of each probability, weighted but not reduced, in nats; see `writeLosses(_:into:)`.
    @inlinable
    public func losses<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil
    ) throws(CrossEntropyError) -> [P.LossResult] {
        var output = [P.LossResult]()
        try losses(
            probabilities: probabilities, targets: targets, columns: columns, weights: weights,
            rowWeights: rowWeights, columnWeights: columnWeights, positiveWeights: positiveWeights,
            positiveColumnWeights: positiveColumnWeights, mask: mask, into: &output)
        return output
    }

    /// The same, written into an array. It grows if it has too few elements; elements beyond those written are
    /// unchanged.
    @inlinable
    public func losses<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, into output: inout [P.LossResult]
    ) throws(CrossEntropyError) {
        defer {
            keepAlive(
                probabilities, targets, weights, rowWeights, columnWeights, positiveWeights,
                positiveColumnWeights, mask)
        }
        output.makeRoom(for: probabilities.count)
        unsafe try output.withUnsafeMutableBufferPointer { output throws(CrossEntropyError) in
            unsafe try losses(
                probabilities: probabilities.elements, targets: targets.elements, columns: columns,
                weights: weights?.elements, rowWeights: rowWeights?.elements,
                columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
                positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements, into: output)
        }
    }

    /// The gradient of the reduced loss with respect to logits; see `writeGradient(_:into:gradientScale:)`.
    @inlinable
    public func gradient<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, gradientScale: Double = 1
    ) throws(CrossEntropyError) -> [P.LossResult] {
        var output = [P.LossResult]()
        try gradient(
            logits: logits, targets: targets, columns: columns, weights: weights, rowWeights: rowWeights,
            columnWeights: columnWeights, positiveWeights: positiveWeights,
            positiveColumnWeights: positiveColumnWeights, mask: mask, into: &output,
            gradientScale: gradientScale)
        return output
    }

    /// The same, written into an array. It grows if it has too few elements; elements beyond those written are
    /// unchanged.
    @inlinable
    public func gradient<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, into output: inout [P.LossResult], gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        defer {
            keepAlive(
                logits, targets, weights, rowWeights, columnWeights, positiveWeights, positiveColumnWeights,
                mask)
        }
        output.makeRoom(for: logits.count)
        unsafe try output.withUnsafeMutableBufferPointer { output throws(CrossEntropyError) in
            unsafe try gradient(
                logits: logits.elements, targets: targets.elements, columns: columns,
                weights: weights?.elements, rowWeights: rowWeights?.elements,
                columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
                positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements, into: output,
                gradientScale: gradientScale)
        }
    }

    /// The gradient of the reduced loss with respect to probabilities; see `writeGradient(_:into:gradientScale:)`.
    @inlinable
    public func gradient<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, gradientScale: Double = 1
    ) throws(CrossEntropyError) -> [P.LossResult] {
        var output = [P.LossResult]()
        try gradient(
            probabilities: probabilities, targets: targets, columns: columns, weights: weights,
            rowWeights: rowWeights, columnWeights: columnWeights, positiveWeights: positiveWeights,
            positiveColumnWeights: positiveColumnWeights, mask: mask, into: &output,
            gradientScale: gradientScale)
        return output
    }

    /// The same, written into an array. It grows if it has too few elements; elements beyond those written are
    /// unchanged.
    @inlinable
    public func gradient<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, into output: inout [P.LossResult], gradientScale: Double = 1
    ) throws(CrossEntropyError) {
        defer {
            keepAlive(
                probabilities, targets, weights, rowWeights, columnWeights, positiveWeights,
                positiveColumnWeights, mask)
        }
        output.makeRoom(for: probabilities.count)
        unsafe try output.withUnsafeMutableBufferPointer { output throws(CrossEntropyError) in
            unsafe try gradient(
                probabilities: probabilities.elements, targets: targets.elements, columns: columns,
                weights: weights?.elements, rowWeights: rowWeights?.elements,
                columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
                positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements, into: output,
                gradientScale: gradientScale)
        }
    }
}

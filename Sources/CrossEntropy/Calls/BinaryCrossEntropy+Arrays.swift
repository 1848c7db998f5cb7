// SPDX-License-Identifier: Apache-2.0

extension BinaryCrossEntropy {
    /// The reduced loss of logits in arrays; see `loss(_:)`.
    ///
    /// ```swift
    /// let loss = try bce.loss(logits: x, targets: t, columns: 10, columnWeights: w)
    /// ```
    ///
    /// - Parameters:
    ///   - logits: rows x columns numbers; infinite ones are certain predictions.
    ///   - targets: as many numbers, in [0, 1].
    ///   - columns: the number of elements per row, a divisor of the count. If nil, there is one row.
    ///   - weights: one per element. Weights of different kinds are multiplied together.
    ///   - rowWeights: one per row (example).
    ///   - columnWeights: one per column (class).
    ///   - positiveWeights: one per element, for the positive part of its loss.
    ///   - positiveColumnWeights: one per column, for the positive part of its losses (PyTorch: `pos_weight`).
    ///   - mask: which elements count.
    /// - Returns: the loss in nats.
    /// - Throws: `CrossEntropyError.countMismatch`, `.invalidOption` or `.valueOutOfDomain`.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil
    ) throws(CrossEntropyError) -> Double {
        defer {
            keepAlive(
                logits, targets, weights, rowWeights, columnWeights, positiveWeights, positiveColumnWeights,
                mask)
        }
        return unsafe try loss(
            logits: logits.elements, targets: targets.elements, columns: columns, weights: weights?.elements,
            rowWeights: rowWeights?.elements, columnWeights: columnWeights?.elements,
            positiveWeights: positiveWeights?.elements,
            positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements)
    }

    /// The reduced loss of probabilities in [0, 1] in arrays; see the overload for logits.
    @inlinable
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil
    ) throws(CrossEntropyError) -> Double {
        defer {
            keepAlive(
                probabilities, targets, weights, rowWeights, columnWeights, positiveWeights,
                positiveColumnWeights, mask)
        }
        return unsafe try loss(
            probabilities: probabilities.elements, targets: targets.elements, columns: columns,
            weights: weights?.elements, rowWeights: rowWeights?.elements,
            columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
            positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements)
    }

    /// The reduced loss of logits in arrays, with its gradient from the same pass; see
    /// `loss(_:writingGradientInto:gradientScale:)` and
    /// `loss(logits:targets:columns:weights:rowWeights:columnWeights:positiveWeights:positiveColumnWeights:mask:)`.
    ///
    /// `gradient` receives one number per logit. It grows if it has too few elements; elements beyond those written are
    /// unchanged. `gradientScale` is a factor that multiplies the gradient but not the loss.
    @inlinable
    @discardableResult
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, gradient: inout [P.LossResult], gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        defer {
            keepAlive(
                logits, targets, weights, rowWeights, columnWeights, positiveWeights, positiveColumnWeights,
                mask)
        }
        gradient.makeRoom(for: logits.count)
        return unsafe try gradient.withUnsafeMutableBufferPointer { gradient throws(CrossEntropyError) in
            unsafe try loss(
                logits: logits.elements, targets: targets.elements, columns: columns,
                weights: weights?.elements, rowWeights: rowWeights?.elements,
                columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
                positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements,
                gradient: gradient, gradientScale: gradientScale)
        }
    }

    /// The reduced loss of probabilities in arrays, with its gradient with respect to them; see the overload for
    /// logits.
    @inlinable
    @discardableResult
    public func loss<P: LossPrediction, T: LossTarget>(
        probabilities: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, gradient: inout [P.LossResult], gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        defer {
            keepAlive(
                probabilities, targets, weights, rowWeights, columnWeights, positiveWeights,
                positiveColumnWeights, mask)
        }
        gradient.makeRoom(for: probabilities.count)
        return unsafe try gradient.withUnsafeMutableBufferPointer { gradient throws(CrossEntropyError) in
            unsafe try loss(
                probabilities: probabilities.elements, targets: targets.elements, columns: columns,
                weights: weights?.elements, rowWeights: rowWeights?.elements,
                columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
                positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements,
                gradient: gradient, gradientScale: gradientScale)
        }
    }

    /// The reduced loss of logits in arrays, with its gradient and the diagonal of its Hessian; see
    /// `loss(_:writingGradientInto:hessianDiagonal:gradientScale:)`.
    ///
    /// `hessianDiagonal` is written as `gradient` is, and `gradientScale` multiplies both.
    @inlinable
    @discardableResult
    public func loss<P: LossPrediction, T: LossTarget>(
        logits: [P], targets: [T], columns: Int? = nil, weights: [P.LossResult]? = nil,
        rowWeights: [P.LossResult]? = nil, columnWeights: [P.LossResult]? = nil,
        positiveWeights: [P.LossResult]? = nil, positiveColumnWeights: [P.LossResult]? = nil,
        mask: [Bool]? = nil, gradient: inout [P.LossResult], hessianDiagonal: inout [P.LossResult],
        gradientScale: Double = 1
    ) throws(CrossEntropyError) -> Double {
        defer {
            keepAlive(
                logits, targets, weights, rowWeights, columnWeights, positiveWeights, positiveColumnWeights,
                mask)
        }
        gradient.makeRoom(for: logits.count)
        hessianDiagonal.makeRoom(for: logits.count)
        return unsafe try gradient.withUnsafeMutableBufferPointer { gradient throws(CrossEntropyError) in
            unsafe try hessianDiagonal.withUnsafeMutableBufferPointer { hessian throws(CrossEntropyError) in
                unsafe try loss(
                    logits: logits.elements, targets: targets.elements, columns: columns,
                    weights: weights?.elements, rowWeights: rowWeights?.elements,
                    columnWeights: columnWeights?.elements, positiveWeights: positiveWeights?.elements,
                    positiveColumnWeights: positiveColumnWeights?.elements, mask: mask?.elements,
                    gradient: gradient, hessianDiagonal: hessian, gradientScale: gradientScale)
            }
        }
    }
}

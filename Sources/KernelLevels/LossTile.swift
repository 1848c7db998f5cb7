internal import CVectorKernels

/// Where derivatives of a tile go; `hessian` where it is asked for.
package struct DerivativePlaces {
    package var gradient: UnsafeMutableRawPointer
    package var hessian: UnsafeMutableRawPointer?

    package init(gradient: UnsafeMutableRawPointer, hessian: UnsafeMutableRawPointer?) {
        self.gradient = gradient
        self.hessian = hessian
    }
}

/// One tile of predictions and targets, ready for the kernels.
///
/// Every result has two ways: the plain formula has fast kernels, all else is evaluated element by element in Double.
package struct LossTile {
    private let formula: LossFormula
    private var call: lk_call
    private let isPlain: Bool

    /// - Parameters:
    ///   - weights: of the elements, where they have some.
    ///   - mask: 0 for elements that do not count.
    ///   - formula: must outlive the tile.
    package init(
        _ formula: LossFormula, predictions: ElementColumn, targets: ElementColumn,
        weights: ElementColumn? = nil, positiveWeights: ElementColumn? = nil, mask: ElementColumn? = nil,
        count: Int
    ) {
        self.formula = formula
        isPlain = formula.isPlain && weights == nil && positiveWeights == nil && mask == nil
        call = lk_call()
        call.count = count
        call.predictions = lk_elements(predictions)
        call.targets = lk_elements(targets)
        call.weights = lk_elements(weights)
        call.positive_weights = lk_elements(positiveWeights)
        call.mask = lk_elements(mask)
    }

    /// The sum of the losses: by products, and where a tile is not for products with a logarithm for each element.
    package func sum(level: KernelLevel) -> Double {
        guard isPlain, !isFewLogits else { return sumEach(level: level) }
        let byProduct = run(
            formula.domain == .logits ? LK_SUM_LOGIT_LOSSES : LK_SUM_PROBABILITY_LOSSES, level)
        return byProduct.isNaN ? sumEach(level: level) : byProduct
    }

    /// Fewer logits than 64 take a logarithm each, in Double: that costs no more (16 elements: 88 ns both), and the
    /// roundings of the product form in Float, which average out over many, stay away. With one logit 2.41651... and
    /// a soft target they were 1.05e-7 of the loss.
    private var isFewLogits: Bool { formula.domain == .logits && call.count < 64 }

    private var evaluation: lk_kernel {
        formula.domain == .logits ? LK_EVALUATE_LOGITS : LK_EVALUATE_PROBABILITIES
    }

    /// The same sum with a logarithm for each element, whatever the tile: the row of the benchmark that shows why not.
    package func sumEach(level: KernelLevel) -> Double { run(evaluation, level) }

    /// Writes the loss of each element to `losses`, of the predictions' type or, if that is smaller, Float.
    package func write(into losses: UnsafeMutableRawPointer, level: KernelLevel) {
        _ = run(isPlain ? LK_WRITE_LOSSES : evaluation, level) { $0.losses = losses }
    }

    /// Writes derivatives with respect to the predictions, times the formula's scale.
    package func writeDerivatives(_ places: DerivativePlaces, level: KernelLevel) {
        _ = derivatives(places, withLoss: false, level)
    }

    /// The same, and the sum of the losses from the same pass: with the bits of `sum`.
    package func sumWritingDerivatives(_ places: DerivativePlaces, level: KernelLevel) -> Double {
        guard isPlain else { return derivatives(places, withLoss: true, level) }
        // Where a product cannot tell, the logits are read again: they must still be there.
        if formula.domain == .probabilities || isFewLogits
            || UnsafeRawPointer(places.gradient) == call.predictions.base
        {
            let sum = sum(level: level)
            _ = derivatives(places, withLoss: false, level)
            return sum
        }
        let sum = derivatives(places, withLoss: true, level)
        return sum.isNaN ? sumEach(level: level) : sum
    }

    private func derivatives(_ places: DerivativePlaces, withLoss: Bool, _ level: KernelLevel) -> Double {
        let kernel =
            isPlain && formula.domain == .logits ? LK_WRITE_LOGIT_DERIVATIVES : evaluation
        return run(kernel, level) {
            $0.gradient = places.gradient
            $0.hessian = places.hessian
            $0.with_loss = withLoss ? 1 : 0
        }
    }

    /// The number of elements that count and the sum of their weights.
    package func totals(level: KernelLevel) -> (counted: Double, weight: Double) {
        var sums = lk_statistics()
        withUnsafeMutablePointer(to: &sums) { sums in
            _ = run(LK_ADD_WEIGHTS, level) { $0.statistics = sums }
        }
        return (sums.counted, sums.weight)
    }

    /// What a report needs, and the sum of the losses.
    package func statistics(level: KernelLevel) -> TileSums {
        var sums = lk_statistics()
        let loss = withUnsafeMutablePointer(to: &sums) { sums in
            run(evaluation, level) { $0.statistics = sums }
        }
        return TileSums(loss: loss, sums)
    }

    /// Whether one of the predictions is NaN or not in the formula's bounds.
    package func hasElementOutside(level: KernelLevel) -> Bool { run(LK_FIND_OUTSIDE, level) != 0 }

    private func run(
        _ kernel: lk_kernel, _ level: KernelLevel, _ setUp: (inout lk_call) -> Void = { _ in }
    ) -> Double {
        var call = call
        call.kernel = kernel
        setUp(&call)
        return withUnsafePointer(to: formula.raw) {
            call.formula = $0
            return dispatch(&call, level)
        }
    }
}

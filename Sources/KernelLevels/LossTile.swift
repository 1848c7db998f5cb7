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
    private var call: lk_call

    /// - Parameters:
    ///   - weights: of the elements, where they have some.
    ///   - mask: 0 for elements that do not count.
    package init(
        predictions: ElementColumn, targets: ElementColumn, weights: ElementColumn? = nil,
        positiveWeights: ElementColumn? = nil, mask: ElementColumn? = nil, count: Int
    ) {
        call = lk_call(
            kernel: LK_SUM_LOGIT_LOSSES, with_loss: 0, count: count, predictions: lk_elements(predictions),
            targets: lk_elements(targets), weights: lk_elements(weights),
            positive_weights: lk_elements(positiveWeights), mask: lk_elements(mask), formula: nil,
            losses: nil, gradient: nil, hessian: nil, statistics: nil)
    }

    private func isPlain(_ formula: LossFormula) -> Bool {
        formula.isPlain && call.weights.base == nil && call.positive_weights.base == nil
            && call.mask.base == nil
    }

    /// Whether what is written, in the predictions' type, can be computed in it.
    private func isNarrow(_ formula: LossFormula) -> Bool { isPlain(formula) && keepsTargets }

    /// Whether the lanes of the predictions hold the targets: a Double would be rounded to Float.
    private var keepsTargets: Bool {
        call.predictions.storage == LK_F64 || call.targets.storage != LK_F64
    }

    private func isPlainButForWeights(_ formula: LossFormula) -> Bool {
        formula.isPlain && keepsTargets && call.weights.base != nil && call.positive_weights.base == nil
            && call.mask.base == nil
    }

    /// The sum of the losses: by products, and where a tile is not for products with a logarithm for each element.
    package func sum(_ formula: LossFormula, _ level: KernelLevel) -> Double {
        if isPlainButForWeights(formula) { return run(LK_SUM_WEIGHTED_LOSSES, formula, level) }
        guard isPlain(formula), !isFewLogits(formula) else { return sumEach(formula, level) }
        let byProduct = run(
            formula.domain == .logits ? LK_SUM_LOGIT_LOSSES : LK_SUM_PROBABILITY_LOSSES, formula, level)
        return byProduct.isNaN ? sumEach(formula, level) : byProduct
    }

    /// Fewer logits than 64 take a logarithm each, in Double: that costs no more (16 elements: 88 ns both), and the
    /// roundings of the product form in Float, which average out over many, stay away. With one logit 2.41651... and
    /// a soft target they were 1.05e-7 of the loss.
    private func isFewLogits(_ formula: LossFormula) -> Bool {
        formula.domain == .logits && call.count < 64
    }

    /// The same sum with a logarithm for each element, whatever the tile: the row of the benchmark that shows why not.
    package func sumEach(_ formula: LossFormula, _ level: KernelLevel) -> Double {
        run(formula.domain == .logits ? LK_SUM_EACH_LOGIT : LK_SUM_EACH_PROBABILITY, formula, level)
    }

    /// Writes the loss of each element to `losses`, of the predictions' type or, if that is smaller, Float.
    package func write(
        into losses: UnsafeMutableRawPointer, _ formula: LossFormula, _ level: KernelLevel
    ) {
        _ = run(isNarrow(formula) ? LK_WRITE_LOSSES : formula.evaluation, formula, level) {
            $0.losses = losses
        }
    }

    /// Writes derivatives with respect to the predictions, times the formula's scale.
    package func writeDerivatives(
        _ places: DerivativePlaces, _ formula: LossFormula, _ level: KernelLevel
    ) {
        _ = derivatives(places, withLoss: false, formula, level)
    }

    /// The same, and the sum of the losses from the same pass: with the bits of `sum`.
    package func sumWritingDerivatives(
        _ places: DerivativePlaces, _ formula: LossFormula, _ level: KernelLevel
    ) -> Double {
        guard isPlain(formula) else { return derivatives(places, withLoss: true, formula, level) }
        // Where a product cannot tell, the logits are read again: they must still be there.
        let isInPlace = UnsafeRawPointer(places.gradient) == call.predictions.base
        if formula.domain == .probabilities || isFewLogits(formula) || isInPlace || !isNarrow(formula) {
            let sum = sum(formula, level)
            _ = derivatives(places, withLoss: false, formula, level)
            return sum
        }
        let sum = derivatives(places, withLoss: true, formula, level)
        return sum.isNaN ? sumEach(formula, level) : sum
    }

    private func derivatives(
        _ places: DerivativePlaces, withLoss: Bool, _ formula: LossFormula, _ level: KernelLevel
    ) -> Double {
        let hasKernel = isNarrow(formula) && formula.domain == .logits
        return run(hasKernel ? LK_WRITE_LOGIT_DERIVATIVES : formula.evaluation, formula, level) {
            $0.gradient = places.gradient
            $0.hessian = places.hessian
            $0.with_loss = withLoss ? 1 : 0
        }
    }

    /// The number of elements that count and the sum of their weights.
    package func totals(
        _ formula: LossFormula, _ level: KernelLevel
    ) -> (counted: Double, weight: Double) {
        var sums = lk_statistics()
        withUnsafeMutablePointer(to: &sums) { sums in
            _ = run(LK_ADD_WEIGHTS, formula, level) { $0.statistics = sums }
        }
        return (sums.counted, sums.weight)
    }

    /// What a report needs, and the sum of the losses.
    package func statistics(_ formula: LossFormula, _ level: KernelLevel) -> TileSums {
        var sums = lk_statistics()
        let loss = withUnsafeMutablePointer(to: &sums) { sums in
            run(formula.evaluation, formula, level) { $0.statistics = sums }
        }
        return TileSums(loss: loss, sums)
    }

    /// Whether one of the predictions is NaN or not in the formula's bounds.
    package func hasElementOutside(_ formula: LossFormula, _ level: KernelLevel) -> Bool {
        run(LK_FIND_OUTSIDE, formula, level) != 0
    }

    @inline(__always)
    private func run(
        _ kernel: lk_kernel, _ formula: LossFormula, _ level: KernelLevel,
        _ setUp: (inout lk_call) -> Void = { _ in }
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

internal import CVectorKernels
internal import VectorKernels

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
    var call: lk_call

    /// - Parameters:
    ///   - weights: of the elements, where they have some.
    ///   - mask: 0 for elements that do not count.
    package init(
        predictions: ElementColumn, targets: ElementColumn, weights: ElementColumn? = nil,
        positiveWeights: ElementColumn? = nil, mask: ElementColumn? = nil, count: Int
    ) {
        call = lk_call()
        call.count = count
        call.predictions = lk_elements(predictions)
        call.targets = lk_elements(targets)
        call.weights = lk_elements(weights)
        call.positive_weights = lk_elements(positiveWeights)
        call.mask = lk_elements(mask)
    }

    private func isPlain(_ formula: LossFormula) -> Bool { formula.isPlain && hasTargetsOnly }

    var hasTargetsOnly: Bool {
        call.weights.base == nil && call.positive_weights.base == nil && call.mask.base == nil
    }

    /// Whether what is written, in the predictions' type, can be computed in it.
    private func isNarrow(_ formula: LossFormula) -> Bool { isPlain(formula) && keepsTargets }

    /// Whether derivatives can be computed in the predictions' type, which holds their scale.
    private func hasNarrowDerivatives(_ formula: LossFormula) -> Bool {
        let scale = formula.scale.magnitude
        let isHeld =
            scale == 0
            || scale >= Double(Float.leastNormalMagnitude) && scale <= Double(Float.greatestFiniteMagnitude)
        return isNarrow(formula) && (isHeld || call.predictions.storage == LK_F64)
    }

    /// Whether the lanes of the predictions hold the targets: a Double would be rounded to Float.
    private var keepsTargets: Bool {
        call.predictions.storage == LK_F64 || call.targets.storage != LK_F64
    }

    private func isPlainButForWeights(_ formula: LossFormula) -> Bool {
        formula.isPlain && keepsTargets && call.weights.base != nil && call.positive_weights.base == nil
            && call.mask.base == nil
    }

    /// The sum of the losses: by products where they can tell, else with a logarithm for each element; and scaled where
    /// Double does not hold it.
    package mutating func sum(_ formula: LossFormula, _ level: KernelLevel) -> ScaledDouble {
        var sum = isPlainButForWeights(formula) ? sumWeighted(formula, level) : sumOfProduct(formula, level)
        if !sum.isFinite || isTooSmallForFloat(sum) { sum = sumEach(formula, level) }
        return inRange(sum, formula) ? ScaledDouble(sum) : sumScaled(sum, formula, level)
    }

    /// NaN where no product can tell.
    private mutating func sumOfProduct(_ formula: LossFormula, _ level: KernelLevel) -> Double {
        let isFew = call.count < Tuning.fewElements
        var sum = Double.nan
        if isPlain(formula) {
            if formula.domain == .logits {
                if !isFew { sum = runWithoutFormula(LK_SUM_LOGIT_LOSSES, level) }
            } else if formula.isBounded {
                sum = run(LK_SUM_PROBABILITY_LOSSES, formula, level)
            } else {
                sum = runWithoutFormula(LK_SUM_PROBABILITY_LOSSES, level)
            }
        }
        if sum.isNaN, isSoft(formula), !isFew { sum = run(LK_SUM_SOFT_LOSSES, formula, level) }
        return sum
    }

    /// Whether Double holds a sum of losses as accurately as they are. Products with weights may be subnormal, and their
    /// sum with them; 2^-900 leaves 2^-122 of it to the smallest product that is normal.
    private func inRange(_ sum: Double, _ formula: LossFormula) -> Bool {
        sum.isNaN || sum.isFinite && (sum.magnitude >= 0x1p-900 || !isWeighted(formula))
    }

    /// Whether products of Float losses and Float weights may have been subnormal: 2^13 of them, each wrong by up to 2^-150,
    /// are 2^-37 of a sum of 2^-100.
    private func isTooSmallForFloat(_ sum: Double) -> Bool {
        call.weights.storage == LK_F32 && call.weights.base != nil && sum.magnitude < 0x1p-100
    }

    private func isWeighted(_ formula: LossFormula) -> Bool {
        call.weights.base != nil || call.positive_weights.base != nil || formula.isWeighted
    }

    /// The sum of losses that weigh 2^-128 times as much, or 2^128 times where the sum is tiny; infinite where a loss is.
    private mutating func sumScaled(
        _ sum: Double, _ formula: LossFormula, _ level: KernelLevel
    ) -> ScaledDouble {
        let exponent = sum.isFinite ? -128 : 128
        let scaled = sumEach(formula.weighing(timesTwoTo: -exponent), level)
        return scaled.isFinite ? ScaledDouble(scaled, timesTwoTo: exponent) : ScaledDouble(sum)
    }

    /// Whether targets may lie between 0 and 1 where the plain kernels take none that do.
    private func isSoft(_ formula: LossFormula) -> Bool {
        formula.isPlainOrSmoothed && hasTargetsOnly && (formula.domain == .probabilities || !formula.isPlain)
    }

    /// The same sum with a logarithm for each element, whatever the tile: the row of the benchmark that shows why not.
    package mutating func sumEach(_ formula: LossFormula, _ level: KernelLevel) -> Double {
        run(formula.domain == .logits ? LK_SUM_EACH_LOGIT : LK_SUM_EACH_PROBABILITY, formula, level)
    }

    /// Writes the loss of each element to `losses`, of the predictions' type or, if that is smaller, Float.
    package mutating func write(
        into losses: UnsafeMutableRawPointer, _ formula: LossFormula, _ level: KernelLevel
    ) {
        _ = run(isNarrow(formula) ? LK_WRITE_LOSSES : formula.evaluation, formula, level) {
            $0.losses = losses
        }
    }

    /// Writes derivatives with respect to the predictions, times the formula's scale.
    package mutating func writeDerivatives(
        _ places: DerivativePlaces, _ formula: LossFormula, _ level: KernelLevel
    ) {
        let overflow = derivatives(places, withLoss: false, formula, level)
        // A factor of the loss, not of its derivative, so that what is too large by itself is not computed.
        if overflow.isNaN, hasNarrowDerivatives(formula) {
            _ = evaluateDerivatives(places, withLoss: false, formula.weighingScale, level)
        }
    }

    /// The same, and the sum of the losses from the same pass: with the bits of `sum`.
    package mutating func sumWritingDerivatives(
        _ places: DerivativePlaces, _ formula: LossFormula, _ level: KernelLevel
    ) -> ScaledDouble {
        // Where the pass that writes cannot tell the sum, the logits are read again: they must still be there.
        let isInPlace = UnsafeRawPointer(places.gradient) == call.predictions.base
        let isSlow = isPlain(formula) && (call.count < Tuning.fewElements || !hasNarrowDerivatives(formula))
        if formula.domain == .probabilities && isPlain(formula) || isInPlace || isSlow {
            let sum = sum(formula, level)
            writeDerivatives(places, formula, level)
            return sum
        }
        let sum = derivatives(places, withLoss: true, formula, level)
        return sum.isFinite && inRange(sum, formula) ? ScaledDouble(sum) : self.sum(formula, level)
    }

    private mutating func derivatives(
        _ places: DerivativePlaces, withLoss: Bool, _ formula: LossFormula, _ level: KernelLevel
    ) -> Double {
        guard hasNarrowDerivatives(formula) else {
            return evaluateDerivatives(places, withLoss: withLoss, formula, level)
        }
        let kernel = formula.domain == .logits ? LK_WRITE_LOGIT_DERIVATIVES : LK_WRITE_PROBABILITY_GRADIENT
        return run(kernel, places, withLoss: withLoss, formula, level)
    }

    /// In Double, whatever the type of the predictions.
    private mutating func evaluateDerivatives(
        _ places: DerivativePlaces, withLoss: Bool, _ formula: LossFormula, _ level: KernelLevel
    ) -> Double {
        run(formula.evaluation, places, withLoss: withLoss, formula, level)
    }

    private mutating func run(
        _ kernel: lk_kernel, _ places: DerivativePlaces, withLoss: Bool, _ formula: LossFormula,
        _ level: KernelLevel
    ) -> Double {
        run(kernel, formula, level) {
            $0.gradient = places.gradient
            $0.hessian = places.hessian
            $0.with_loss = withLoss ? 1 : 0
        }
    }

    /// The number of elements that count and the sum of their weights.
    package mutating func totals(
        _ formula: LossFormula, _ level: KernelLevel
    ) -> (counted: Double, weight: ScaledDouble) {
        let sums = addWeights(formula, level)
        guard sums.weight.magnitude == .infinity else { return (sums.counted, ScaledDouble(sums.weight)) }
        let scaled = addWeights(formula.weighing(timesTwoTo: -128), level)
        return (sums.counted, ScaledDouble(scaled.weight, timesTwoTo: 128))
    }

    private mutating func addWeights(_ formula: LossFormula, _ level: KernelLevel) -> lk_statistics {
        var sums = lk_statistics()
        withUnsafeMutablePointer(to: &sums) { sums in
            _ = run(LK_ADD_WEIGHTS, formula, level) { $0.statistics = sums }
        }
        return sums
    }

    /// What a report needs, and the sum of the losses.
    package mutating func statistics(_ formula: LossFormula, _ level: KernelLevel) -> TileSums {
        var sums = lk_statistics()
        let loss = withUnsafeMutablePointer(to: &sums) { sums in
            run(formula.evaluation, formula, level) { $0.statistics = sums }
        }
        return TileSums(
            loss: inRange(loss, formula) ? ScaledDouble(loss) : sumScaled(loss, formula, level),
            weight: sums.weight.isFinite ? ScaledDouble(sums.weight) : totals(formula, level).weight, sums)
    }

    /// Whether one of the predictions is NaN or not in the formula's bounds.
    package mutating func hasElementOutside(_ formula: LossFormula, _ level: KernelLevel) -> Bool {
        run(LK_FIND_OUTSIDE, formula, level) != 0
    }

    @inline(__always)
    mutating func run(
        _ kernel: lk_kernel, _ formula: LossFormula, _ level: KernelLevel,
        _ setUp: (inout lk_call) -> Void = { _ in }
    ) -> Double {
        call.kernel = kernel
        setUp(&call)
        defer { (call.losses, call.gradient, call.hessian, call.statistics) = (nil, nil, nil, nil) }
        return withUnsafePointer(to: formula.raw) {
            call.formula = $0
            return dispatch(&call, level)
        }
    }

    /// The kernels of sums without options or bounds take no formula: copying it is a tenth of a call on 16 elements.
    @inline(__always)
    mutating func runWithoutFormula(_ kernel: lk_kernel, _ level: KernelLevel) -> Double {
        call.kernel = kernel
        call.formula = nil
        return dispatch(&call, level)
    }
}

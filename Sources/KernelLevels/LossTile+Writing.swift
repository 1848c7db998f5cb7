// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels
internal import VectorKernels

extension LossTile {
    /// Whether derivatives can be computed in the predictions' type, which holds their scale.
    private func hasNarrowDerivatives(_ formula: LossFormula) -> Bool {
        let scale = formula.scale.magnitude
        let isHeld =
            scale == 0
            || scale >= Double(Float.leastNormalMagnitude) && scale <= Double(Float.greatestFiniteMagnitude)
        return isNarrow(formula) && (isHeld || call.predictions.storage == LK_F64)
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
        // In Double, and with the scale as a factor of what is divided by a tiny probability.
        if overflow.isNaN, hasNarrowDerivatives(formula) {
            _ = evaluateDerivatives(places, withLoss: false, formula, level)
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
}

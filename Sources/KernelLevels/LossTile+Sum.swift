// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels
internal import VectorKernels

extension LossTile {
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
    func inRange(_ sum: Double, _ formula: LossFormula) -> Bool {
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
    mutating func sumScaled(
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
}

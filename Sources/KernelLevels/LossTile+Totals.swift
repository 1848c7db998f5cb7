// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels

extension LossTile {
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
}

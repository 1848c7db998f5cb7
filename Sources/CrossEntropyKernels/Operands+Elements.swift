// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// Kernels that compute each loss. The result is nil if a kernel cannot compute it.
extension Operands {
    /// Supports every option in which losses are linear.
    func weighted(_ places: Outputs, _ wish: Wish) -> SliceSums? {
        let (isProbability, level) = (formula.pointee.isProbability, level)
        return computed(places, wish) {
            isProbability ? $0.weighProbabilities(level) : $0.weighLogits(level)
        }
    }

    func focal(_ places: Outputs, _ wish: Wish) -> SliceSums? {
        let level = level
        return computed(places, wish) { $0.focusLogits(level) }
    }

    private func computed(
        _ places: Outputs, _ wish: Wish, _ kernel: (inout vk_elements_args) -> Void
    ) -> SliceSums? {
        var a = elements(places)
        kernel(&a)
        // The sum of rounded weights is of no use; see `BlockEvaluation.run`.
        let hasSum = weights == nil || wish.weight && !hasRoundedWeights
        let weight = hasSum ? weight(of: a.counted) : 0
        return SliceSums(a.sum, count: a.counted, weight: weight, type, mayBeOutside: a.may_be_outside)
    }

    /// Plain derivatives. For probabilities the sum of the losses is not included; it has a kernel of its own.
    func differentiated(_ places: Outputs) -> SliceSums? {
        if formula.pointee.isProbability {
            return writeGradientOfProbabilities(places.gradient!)
        }
        let a = differentiateLogits(places)
        return SliceSums(a.sum, count: a.counted, weight: a.counted, type, mayBeOutside: a.may_be_outside)
    }

    /// Writes derivatives; the sum of the losses may be NaN.
    func differentiateLogits(_ places: Outputs) -> vk_differentiate_logits_args {
        var a = vk_differentiate_logits_args(
            formula: formula, predictions: predictions, targets: targets, mask: mask,
            gradient: places.gradient!, hessian: places.hessian, count: count, is_double: isDouble, sum: 0,
            counted: 0, may_be_outside: false)
        a.run(level)
        return a
    }

    /// Writes the losses; the result does not include their sum.
    func writePlainLosses(_ losses: UnsafeMutableRawPointer) -> SliceSums {
        var a = vk_write_losses_args(
            formula: formula, predictions: predictions, targets: targets, losses: losses,
            count: count, is_double: isDouble, may_be_outside: false)
        formula.pointee.isProbability ? a.writeProbabilityLosses(level) : a.writeLogitLosses(level)
        return SliceSums(mayBeOutside: a.may_be_outside)
    }

    /// Writes the gradient; the result does not include the sum of the losses. Nil if a number is infinite or NaN:
    /// 1 / p may overflow where scale / p does not.
    func writeGradientOfProbabilities(_ gradient: UnsafeMutableRawPointer) -> SliceSums? {
        var a = vk_differentiate_probabilities_args(
            formula: formula, predictions: predictions, targets: targets, gradient: gradient,
            count: count, is_double: isDouble, is_finite: false, may_be_outside: false)
        a.run(level)
        return a.is_finite ? SliceSums(mayBeOutside: a.may_be_outside) : nil
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// Kernels that compute each loss, of elements with nothing but their targets.
extension Operands {
    /// Writes derivatives, and returns the sum of the losses or NaN.
    func differentiateLogits(_ places: Outputs) -> Double {
        var a = vk_differentiate_logits_args(
            predictions: predictions, targets: targets, gradient: places.gradient!, hessian: places.hessian,
            scale: formula.pointee.scale, count: count, is_double: isDouble, sum: 0)
        a.run(level)
        return a.sum
    }

    func writePlainLosses(_ losses: UnsafeMutableRawPointer) {
        var a = vk_write_losses_args(
            formula: formula, predictions: predictions, targets: targets, losses: losses,
            count: count, is_double: isDouble)
        formula.pointee.isProbability ? a.writeProbabilityLosses(level) : a.writeLogitLosses(level)
    }

    /// False where a number is infinite or NaN: 1 / p may overflow where scale / p does not.
    func writeGradientOfProbabilities(_ gradient: UnsafeMutableRawPointer) -> Bool {
        var a = vk_differentiate_probabilities_args(
            formula: formula, predictions: predictions, targets: targets, gradient: gradient,
            count: count, is_double: isDouble, is_finite: false)
        a.run(level)
        return a.is_finite
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// Kernels that compute each loss.
extension Operands {
    /// Writes plain derivatives, and returns the sum of the losses or NaN.
    func differentiateLogits(_ places: Outputs) -> Double {
        var a = vk_differentiate_logits_args(
            predictions: predictions, targets: targets, gradient: places.gradient!, hessian: places.hessian,
            scale: formula.pointee.scale, count: count, is_double: isDouble, sum: 0)
        a.run(level)
        return a.sum
    }

    /// With the coefficients of the room.
    func weighLogits(_ places: Outputs, _ room: Room) -> Double {
        var a = vk_weigh_logits_args(
            predictions: predictions, positive: room.positive, negative: room.negative, losses: places.losses,
            gradient: places.gradient, hessian: places.hessian, scale: formula.pointee.scale, count: count,
            is_double: isDouble, sum: 0)
        a.run(level)
        return a.sum
    }

    /// - Parameter weights: of the elements; without, all weigh the formula's weight.
    func focusLogits(_ places: Outputs, weights: UnsafeRawPointer?) -> Double {
        var a = vk_focus_logits_args(
            formula: formula, predictions: predictions, targets: targets, weights: weights,
            losses: places.losses, gradient: places.gradient, hessian: places.hessian, count: count,
            is_double: isDouble, sum: 0)
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
    ///
    /// - Parameter room: has the coefficients; without, the losses are plain.
    func writeGradientOfProbabilities(_ gradient: UnsafeMutableRawPointer, _ room: Room?) -> Bool {
        var a = vk_differentiate_probabilities_args(
            formula: formula, predictions: predictions, targets: room == nil ? targets : nil,
            positive: room.map { UnsafeRawPointer($0.positive) },
            negative: room.map { UnsafeRawPointer($0.negative) }, gradient: gradient,
            count: count, is_double: isDouble, is_finite: false)
        a.run(level)
        return a.is_finite
    }

    func weighProbabilities(_ losses: UnsafeMutableRawPointer?, _ room: Room) -> Double {
        var a = vk_weigh_probabilities_args(
            formula: formula, predictions: predictions, positive: room.positive, negative: room.negative,
            losses: losses, count: count, is_double: isDouble, sum: 0)
        a.run(level)
        return a.sum
    }
}

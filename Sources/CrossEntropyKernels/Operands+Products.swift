// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Sums that are logarithms of products. The result is nil if a kernel cannot compute it.
extension Operands {
    /// Plain losses of logits.
    func logitProduct() -> SliceSums? {
        var a = vk_sum_logits_args(
            predictions: predictions, targets: targets, target_type: type, count: count, is_double: isDouble,
            sum: 0, may_be_outside: false)
        a.run(level)
        return SliceSums(a.sum, ofAll: count, type, mayBeOutside: a.may_be_outside)
    }

    /// Losses of probabilities with 0/1 targets.
    func hardProduct() -> SliceSums? {
        var a = vk_sum_probabilities_args(
            bounds: formula.pointee.isBounded ? formula : nil, predictions: predictions, targets: targets,
            target_type: type, count: count, is_double: isDouble, sum: 0)
        a.run(level)
        return SliceSums(a.sum, ofAll: count, type, mayBeOutside: false)
    }

    /// Plain losses of probabilities. The first kernel detects soft targets early.
    func likelihoodProduct() -> SliceSums? { hardProduct() ?? softProduct() }

    /// Losses of probabilities with any targets and smoothing.
    func softProduct() -> SliceSums? {
        var a = vk_sum_soft_probabilities_args(
            formula: formula, predictions: predictions, targets: targets, count: count,
            is_double: isDouble, sum: 0, may_be_outside: false)
        a.run(level)
        return SliceSums(a.sum, ofAll: count, type, mayBeOutside: a.may_be_outside)
    }

    /// Losses of elements some of which may not count: of probabilities, or of logits whose labels have equal or
    /// different weights.
    func countedProduct(_ route: Route) -> SliceSums? {
        let isProbability = formula.pointee.isProbability
        let weight = formula.pointee.weight
        if route == .counted, !isProbability, mask == nil, !formula.pointee.hasMissing {
            return logitProduct().map { $0.weighted(by: weight) }
        }
        var a = vk_sum_counted_args(
            formula: formula, predictions: predictions, targets: targets, mask: mask, count: count,
            is_double: isDouble, sum: 0, counted: 0, may_be_outside: false)
        switch route {
        case .smoothed: a.sumSmoothedLogits(level)
        case .labeled: a.sumLabeledLogits(level)
        default: isProbability ? a.sumCountedProbabilities(level) : a.sumCountedLogits(level)
        }
        return SliceSums(a.sum, count: a.counted, weight: a.counted, type, mayBeOutside: a.may_be_outside)
            .map { $0.weighted(by: weight) }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// Sums that are logarithms of products; nil where a kernel has no answer.
extension Operands {
    /// Of logits, plain.
    func logitProduct() -> SliceSums? {
        var a = vk_sum_logits_args(
            predictions: predictions, targets: targets, target_type: type, count: count, is_double: isDouble,
            is_wide: false, sum: 0)
        a.run(level)
        return SliceSums(a.sum, count: Double(count), weight: Double(count), type)
    }

    /// Of probabilities with 0/1 targets.
    func hardProduct() -> SliceSums? {
        var a = vk_sum_probabilities_args(
            bounds: formula.pointee.isBounded ? formula : nil, predictions: predictions, targets: targets,
            target_type: type, count: count, is_double: isDouble, sum: 0)
        a.run(level)
        return SliceSums(a.sum, count: Double(count), weight: Double(count), type)
    }

    /// Of probabilities, plain: soft targets show early.
    func likelihoodProduct() -> SliceSums? { hardProduct() ?? softProduct() }

    /// Of probabilities with any targets, smoothed.
    func softProduct() -> SliceSums? {
        var a = vk_sum_soft_probabilities_args(
            formula: formula, predictions: predictions, targets: targets, count: count,
            is_double: isDouble, sum: 0)
        a.run(level)
        return SliceSums(a.sum, count: Double(count), weight: Double(count), type)
    }

    /// Of logits with smoothing, a mask and missing targets, or of two labels that weigh differently.
    func optionProduct(_ route: Route) -> SliceSums? {
        let (sum, counted): (Double, Double)
        if route == .smoothed {
            var a = vk_sum_smoothed_logits_args(
                formula: formula, predictions: predictions, targets: targets, mask: mask,
                count: count, is_double: isDouble, sum: 0, counted: 0)
            a.run(level)
            (sum, counted) = (a.sum, a.counted)
        } else {
            var a = vk_sum_labeled_logits_args(
                formula: formula, predictions: predictions, targets: targets, mask: mask,
                count: count, is_double: isDouble, sum: 0, counted: 0)
            a.run(level)
            (sum, counted) = (a.sum, a.counted)
        }
        let weight = formula.pointee.weight
        guard var sums = SliceSums(sum, count: counted, weight: weight * counted, type) else {
            return nil
        }
        sums.loss = sums.loss * ScaledDouble(weight)
        return sums
    }
}

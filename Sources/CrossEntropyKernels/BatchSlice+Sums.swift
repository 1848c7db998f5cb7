// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

extension BatchSlice {
    /// The sum of the losses of the elements that count, their number and, if wanted, the sum of their weights.
    package func sums(
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel, wantsWeight: Bool = false
    ) -> SliceSums {
        let route = Route(formula, self)
        guard route == .plain else {
            if rowWeights != nil, let sums = sumsOfWeightedRows(formula, level) { return sums }
            return evaluated(route, Outputs(), Wish(weight: wantsWeight), formula, level)
        }
        return plainSums(formula, level) ?? sumsAfterPlain(formula, level, wantsWeight: wantsWeight)
    }

    /// The sums where the kernels that read plain arguments in place cannot compute them. If that is because of the types,
    /// the same kernels are tried again with arguments of the lanes' type.
    func sumsAfterPlain(
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel, wantsWeight: Bool = false
    ) -> SliceSums {
        evaluated(isOfOneType ? .weighted : .plain, Outputs(), Wish(weight: wantsWeight), formula, level)
    }

    /// The same in Double, with one logarithm per element, whatever the options: the reference for every other route.
    package func exactSums(_ formula: UnsafePointer<Formula>, _ level: KernelLevel) -> SliceSums {
        evaluated(.exact, Outputs(), Wish(weight: true), formula, level)
    }

    /// The sum of the losses by the plain formula of elements that have only a prediction and a target. A call on
    /// sixteen elements is nearly all overhead, of which copying a formula is a tenth.
    package func plainSum(
        _ domain: PredictionDomain, _ level: KernelLevel
    ) -> (loss: ScaledDouble, mayBeOutside: Bool) {
        let sum = domain == .logits ? sumOfLogits(level) : sumOfProbabilities(nil, level)
        if let sum { return (ScaledDouble(sum.loss), sum.mayBeOutside) }
        let formula: Formula = domain == .logits ? .plainLogits : .plainProbabilities
        let sums = withUnsafePointer(to: formula) { sumsAfterPlain($0, level) }
        return (sums.loss, sums.mayBeOutside)
    }

    /// The sums from the kernels that read plain arguments in place. Nil if these kernels do not support the types, or
    /// cannot compute one of the sums.
    func plainSums(_ formula: UnsafePointer<Formula>, _ level: KernelLevel) -> SliceSums? {
        let sum =
            formula.pointee.isProbability ? sumOfProbabilities(formula, level) : sumOfLogits(level)
        return sum.flatMap {
            SliceSums($0.loss, ofAll: count, predictions.dtype, mayBeOutside: $0.mayBeOutside)
        }
    }

    /// The result of a kernel that reads plain arguments in place.
    private typealias PlainSum = (loss: Double, mayBeOutside: Bool)

    var isOfOneType: Bool {
        predictions.dtype == targets.dtype && (predictions.dtype == .float || predictions.dtype == .double)
    }

    /// Whether kernels read targets of this type together with predictions of this type.
    private var hasTargetsInPlace: Bool {
        predictions.dtype == .float || predictions.dtype == .double
            ? targets.dtype == predictions.dtype || targets.dtype == .byte
                || targets.dtype == .bit && targets.bit == 0
            : false
    }

    private func sumOfLogits(_ level: KernelLevel) -> PlainSum? {
        guard hasTargetsInPlace else { return nil }
        var a = vk_sum_logits_args(
            predictions: predictions.base, targets: targets.base, target_type: targets.dtype, count: count,
            is_double: predictions.dtype == .double, sum: 0, may_be_outside: false)
        a.run(level)
        return a.sum.isFinite ? (a.sum, a.may_be_outside) : nil
    }

    private func sumOfProbabilities(
        _ formula: UnsafePointer<Formula>?, _ level: KernelLevel
    ) -> PlainSum? {
        let bounds = formula.flatMap { $0.pointee.isBounded ? $0 : nil }
        guard bounds == nil ? hasTargetsInPlace : isOfOneType else { return nil }
        var a = vk_sum_probabilities_args(
            bounds: bounds, predictions: predictions.base, targets: targets.base, target_type: targets.dtype,
            count: count, is_double: predictions.dtype == .double, sum: 0)
        a.run(level)
        if a.sum.isFinite { return (a.sum, false) }
        guard isOfOneType else { return nil }
        func softSums(_ formula: UnsafePointer<Formula>) -> SliceSums? {
            operandsInPlace(formula, level).softProduct()
        }
        let sums = formula.map(softSums) ?? withUnsafePointer(to: .plainProbabilities, softSums)
        return sums.map { ($0.loss.value, $0.mayBeOutside) }
    }
}

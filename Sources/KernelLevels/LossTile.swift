// SPDX-License-Identifier: Apache-2.0

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

    func isPlain(_ formula: LossFormula) -> Bool { formula.isPlain && hasTargetsOnly }

    var hasTargetsOnly: Bool {
        call.weights.base == nil && call.positive_weights.base == nil && call.mask.base == nil
    }

    /// Whether what is written, in the predictions' type, can be computed in it.
    func isNarrow(_ formula: LossFormula) -> Bool { isPlain(formula) && keepsTargets }

    /// Whether the lanes of the predictions hold the targets: a Double would be rounded to Float.
    private var keepsTargets: Bool {
        call.predictions.storage == LK_F64 || call.targets.storage != LK_F64
    }

    func isPlainButForWeights(_ formula: LossFormula) -> Bool {
        formula.isPlain && keepsTargets && call.weights.base != nil && call.positive_weights.base == nil
            && call.mask.base == nil
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

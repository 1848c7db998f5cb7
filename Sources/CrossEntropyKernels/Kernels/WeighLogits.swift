// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Losses of logits with every option in which they are linear, in the logits' type: one logarithm per element, and the
/// requested derivatives from the same exponential.
///
/// The sum is infinite or NaN if a logit is, or if the type cannot hold it.
@c @implementation
func vk_weigh_logits(_ a: UnsafeMutablePointer<vk_elements_args>) { WeighLogits.run(a, isWide: false) }

@c(vk_weigh_logits_wide)
private func wide(_ a: UnsafeMutablePointer<vk_elements_args>) { WeighLogits.run(a, isWide: true) }

private enum WeighLogits: ElementsKernel {
    /// Wide lanes save a fifth of the time, and take 60 KB of code.
    typealias WholeDoubles = Double.WideLanes

    @inline(always)
    static func run<L: Lanes>(_ a: inout vk_elements_args, in _: L.Type, isWhole: Bool) {
        var elements = WeightedElements<L>(a)
        let outputs = LogitOutputs<L>(a)
        let sum = elements.sum(isWhole: isWhole) { outputs.write($0, $1, $2) }
        elements.finish(&a, sum: sum)
    }
}

private struct LogitOutputs<L: Lanes> {
    let losses, gradient, hessian: UnsafeMutableRawPointer?
    let scale: L

    @inline(always)
    init(_ a: vk_elements_args) {
        (losses, gradient, hessian) = (a.losses, a.gradient, a.hessian)
        scale = L(repeating: L.Scalar(a.formula.pointee.scale))
    }

    /// Writes the requested outputs, and returns the losses.
    @inline(always)
    func write(_ one: WeightedElement<L>, _ index: Int, _ count: Int) -> L {
        let logit = LogitElement(one.prediction, one.coefficients)
        let loss = one.weight * logit.lossOfFinite
        if let losses { loss.store(losses, index, count: count) }
        if let gradient {
            let factor = one.weight * scale
            logit.gradient(times: factor).store(gradient, index, count: count)
            if let hessian { logit.hessian(times: factor).store(hessian, index, count: count) }
        }
        return loss
    }
}

extension vk_elements_args {
    @inline(never)
    mutating func weighLogits(_ level: KernelLevel) { vk_weigh_logits_at(level.instructionSet, &self) }
}

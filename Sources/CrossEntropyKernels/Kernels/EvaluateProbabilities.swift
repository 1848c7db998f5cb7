// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Every option and every edge of losses of probabilities, in Double: what the other kernels fall back to.
@c @implementation
func vk_evaluate_probabilities(_ a: UnsafeMutablePointer<vk_elements_args>) {
    evaluate(a, isProbability: true)
}

extension vk_elements_args {
    @inline(never)
    mutating func evaluateProbabilities(_ level: KernelLevel) {
        vk_evaluate_probabilities_at(level.instructionSet, &self)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Losses of probabilities with every option and every edge case, in Double: the fallback of the other kernels.
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

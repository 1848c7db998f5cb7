// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Losses of logits with every option and every edge case, in Double: the fallback of the other kernels.
@c @implementation
func vk_evaluate_logits(_ a: UnsafeMutablePointer<vk_elements_args>) {
    evaluate(a, isProbability: false)
}

extension vk_elements_args {
    @inline(never)
    mutating func evaluateLogits(_ level: KernelLevel) { vk_evaluate_logits_at(level.instructionSet, &self) }
}

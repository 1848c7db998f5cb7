// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The number of elements that count, and the sum of their weights.
@c @implementation
func vk_add_weights(_ a: UnsafeMutablePointer<vk_elements_args>) {
    a.pointee.is_double ? add(a, Double.self) : add(a, Float.self)
}

@inline(always)
private func add<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_elements_args>, _: S.Type) {
    var elements = WeightedElements<S>(a)
    var index = 0
    while index < elements.count {
        elements.add(index, min(S.Lanes.count, elements.count &- index))
        index &+= S.Lanes.count
    }
    elements.finish(a, sum: .zero)
}

extension vk_elements_args {
    @inline(never)
    mutating func addWeights(_ level: KernelLevel) { vk_add_weights_at(level.instructionSet, &self) }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The probability of each logit, in its own type. For a negative logit it is e^x / (1 + e^x), so that tiny
/// probabilities keep their accuracy.
@c @implementation
func vk_write_probabilities(_ a: UnsafeMutablePointer<vk_write_probabilities_args>) {
    a.pointee.is_double ? write(a, Double.self) : write(a, Float.self)
}

@inline(always)
private func write<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_write_probabilities_args>, _: S.Type) {
    typealias L = S.Lanes
    let logits = Elements<S>(a.pointee.logits)
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        let x = logits.load(index, count: count, as: L.self)
        let p = LogitElement(x, Coefficients(target: L.zero)).probability
        // The exponential may hide a NaN.
        x.ifEqual(x, p, x).store(a.pointee.probabilities, index, count: count)
        index &+= L.count
    }
}

extension Column {
    /// Writes the probabilities of `count` logits in the type of results.
    package func writeProbabilities(
        to place: UnsafeMutableRawPointer, count: Int, _ level: KernelLevel
    ) {
        let type = dtype.result
        if dtype != type { copy(self, to: place, type, count, level) }
        var a = vk_write_probabilities_args(
            logits: dtype == type ? base : UnsafeRawPointer(place), probabilities: place, count: count,
            is_double: type == .double)
        a.run(level)
    }
}

extension vk_write_probabilities_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_write_probabilities_at(level.instructionSet, &self) }
}

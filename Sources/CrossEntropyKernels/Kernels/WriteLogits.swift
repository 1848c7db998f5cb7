// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The logit of each probability, in its own type.
@c @implementation
func vk_write_logits(_ a: UnsafeMutablePointer<vk_write_predictions_args>) {
    a.pointee.is_double ? write(a, Double.self) : write(a, Float.self)
}

@inline(always)
private func write<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_write_predictions_args>, _: S.Type) {
    typealias L = S.Lanes
    let probabilities = Elements<S>(a.pointee.predictions)
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        logit(ofProbability: probabilities.load(index, count: count, as: L.self))
            .store(a.pointee.results, index, count: count)
        index &+= L.count
    }
}

extension Column {
    /// Writes the logits of `count` probabilities in the type of results.
    package func writeLogits(to place: UnsafeMutableRawPointer, count: Int, _ level: KernelLevel) {
        var a = predictions(to: place, count: count, level)
        a.run(level)
    }
}

extension vk_write_predictions_args {
    @inline(never)
    fileprivate mutating func run(_ level: KernelLevel) { vk_write_logits_at(level.instructionSet, &self) }
}

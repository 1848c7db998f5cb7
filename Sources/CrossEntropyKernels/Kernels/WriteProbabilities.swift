// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The probability of each logit, in its own type. For a negative logit it is e^x / (1 + e^x), so that tiny
/// probabilities keep their accuracy.
@c @implementation
func vk_write_probabilities(_ a: UnsafeMutablePointer<vk_write_predictions_args>) {
    a.pointee.is_double ? write(a, Double.self) : write(a, Float.self)
}

@inline(always)
private func write<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_write_predictions_args>, _: S.Type) {
    typealias L = S.Lanes
    let logits = Elements<S>(a.pointee.predictions)
    var index = 0
    while index < a.pointee.count {
        let count = min(L.count, a.pointee.count &- index)
        let x = logits.load(index, count: count, as: L.self)
        let p = LogitElement(x, Coefficients(target: L.zero)).probability
        // The exponential may hide a NaN.
        x.ifEqual(x, p, x).store(a.pointee.results, index, count: count)
        index &+= L.count
    }
}

extension Column {
    /// Writes the probabilities of `count` logits in the type of results.
    package func writeProbabilities(
        to place: UnsafeMutableRawPointer, count: Int, _ level: KernelLevel
    ) {
        var a = predictions(to: place, count: count, level)
        a.run(level)
    }

    /// Predictions in the type of results, for a kernel that writes its results in the same type to `place`.
    func predictions(
        to place: UnsafeMutableRawPointer, count: Int, _ level: KernelLevel
    ) -> vk_write_predictions_args {
        let type = dtype.result
        let predictions = converted(to: type, count, place, level)
        return vk_write_predictions_args(
            predictions: predictions, results: place, count: count, is_double: type == .double)
    }
}

extension vk_write_predictions_args {
    @inline(never)
    fileprivate mutating func run(_ level: KernelLevel) {
        vk_write_probabilities_at(level.instructionSet, &self)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the losses of probabilities with 0/1 targets, a mask and missing targets: see `vk_sum_probabilities`. An
/// element that does not count is treated as a probability of 0 with target 0, which is a factor of 1.
@c(vk_sum_counted_probabilities_wide)
private func wide(_ a: UnsafeMutablePointer<vk_sum_counted_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_counted_args>, _: S.Type) {
    typealias L = S.Lanes
    let tile = Tile<S, S>(a.pointee.predictions, a.pointee.targets, count: a.pointee.count)
    var counting = CountingRule<L>(
        a.pointee.formula, a.pointee.mask, readable: a.pointee.targets)
    let product = multiplyLikelihoods(tile, FactorBounds(nil)) { p, t, index, count in
        let counts = counting.count(t, index, count)
        return (p & counts, t & counts)
    }
    a.pointee.counted = counting.counted(of: tile.count)
    a.pointee.sum = product.sum(of: tile.count, S.self)
}

extension vk_sum_counted_args {
    @inline(never)
    mutating func sumCountedProbabilities(_ level: KernelLevel) {
        vk_sum_counted_probabilities_at(level.instructionSet, &self)
    }
}

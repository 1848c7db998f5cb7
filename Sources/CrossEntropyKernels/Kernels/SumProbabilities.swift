// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the plain losses of probabilities with 0/1 targets: see `LikelihoodProduct`. There is one body for each
/// common pair of types, which are read in place, and one with bounds.
///
/// Gives NaN, so that another kernel computes the sum, if a target is not 0 or 1; if a probability is not in [0, 1]; if
/// a factor is 0 or a block's product leaves the normal range (`Tuning.blockVectors`); or if the mean loss is below
/// `relativeFloor`, where an error of 2^-53 per factor would be too large relative to the loss.
@c @implementation
func vk_sum_probabilities(_ a: UnsafeMutablePointer<vk_sum_probabilities_args>) {
    switch (a.pointee.is_double, a.pointee.bounds != nil, a.pointee.target_type) {
    case (false, true, _): sumBounded(a, Float.self)
    case (true, true, _): sumBounded(a, Double.self)
    case (false, false, .byte): sum(a, Float.self, UInt8.self, nil)
    case (false, false, .bit): sum(a, Float.self, PackedBit.self, nil)
    case (false, false, _): sum(a, Float.self, Float.self, nil)
    case (true, false, .byte): sum(a, Double.self, UInt8.self, nil)
    case (true, false, .bit): sum(a, Double.self, PackedBit.self, nil)
    case (true, false, _): sum(a, Double.self, Double.self, nil)
    }
}

@inline(always)
private func sumBounded<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_probabilities_args>, _: S.Type) {
    sum(a, S.self, S.self, a.pointee.bounds)
}

@inline(always)
private func sum<S: LaneScalar, T: Storage>(
    _ a: UnsafeMutablePointer<vk_sum_probabilities_args>, _: S.Type, _: T.Type,
    _ bounds: UnsafePointer<Formula>?
) {
    let tile = Tile<S, T>(a.pointee.predictions, a.pointee.targets, count: a.pointee.count)
    a.pointee.sum = multiplyLikelihoods(tile, FactorBounds(bounds)).sum(of: tile.count, S.self)
}

extension vk_sum_probabilities_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_sum_probabilities_at(level.instructionSet, &self) }
}

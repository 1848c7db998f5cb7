// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the plain losses of logits: see `SoftplusProduct`. There is one body for each common pair of types, which
/// are read in place.
@c @implementation
func vk_sum_logits(_ a: UnsafeMutablePointer<vk_sum_logits_args>) { sum(a, isWide: false) }

@c(vk_sum_logits_wide)
private func wide(_ a: UnsafeMutablePointer<vk_sum_logits_args>) { sum(a, isWide: true) }

@inline(always)
private func sum(_ a: UnsafeMutablePointer<vk_sum_logits_args>, isWide: Bool) {
    switch (a.pointee.is_double, a.pointee.target_type) {
    case (false, .byte): sum(a, Float.self, UInt8.self, isWide: isWide)
    case (false, .bit): sum(a, Float.self, PackedBit.self, isWide: isWide)
    case (false, _): sum(a, Float.self, Float.self, isWide: isWide)
    case (true, .byte): sum(a, Double.self, UInt8.self, isWide: isWide)
    case (true, .bit): sum(a, Double.self, PackedBit.self, isWide: isWide)
    case (true, _): sum(a, Double.self, Double.self, isWide: isWide)
    }
}

@inline(always)
private func sum<S: LaneScalar, T: Storage>(
    _ a: UnsafeMutablePointer<vk_sum_logits_args>, _: S.Type, _: T.Type, isWide: Bool
) {
    let tile = Tile<S, T>(a.pointee.predictions, a.pointee.targets, count: a.pointee.count)
    var terms = PlainTerms<S>()
    // Doubles with bytes or bits as targets are rare, so they have no loop in wide lanes.
    let isWide = isWide && (S.self == Float.self || T.self == S.self)
    a.pointee.sum = terms.multiply(tile, isWide: isWide).value(asSmallAs: S.self)
    a.pointee.may_be_outside = terms.mayBeOutside
}

extension vk_sum_logits_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_sum_logits_at(level.instructionSet, &self) }
}

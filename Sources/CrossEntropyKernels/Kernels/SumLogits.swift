// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sum of the plain losses of logits: see `SoftplusProduct`. There is one body for each common pair of types, which
/// are read in place.
@c @implementation
func vk_sum_logits(_ a: UnsafeMutablePointer<vk_sum_logits_args>) {
    if a.pointee.is_wide { return sum(a, Double.self, Float.self, Float.self, isUnrolled: false) }
    switch (a.pointee.is_double, a.pointee.target_type) {
    case (false, .byte): sum(a, Float.self, Float.self, UInt8.self, isUnrolled: true)
    case (false, .bit): sum(a, Float.self, Float.self, PackedBit.self, isUnrolled: true)
    case (false, _): sum(a, Float.self, Float.self, Float.self, isUnrolled: true)
    case (true, .byte): sum(a, Double.self, Double.self, UInt8.self, isUnrolled: false)
    case (true, .bit): sum(a, Double.self, Double.self, PackedBit.self, isUnrolled: false)
    case (true, _): sum(a, Double.self, Double.self, Double.self, isUnrolled: false)
    }
}

@inline(always)
private func sum<S: LaneScalar, P: Storage, T: Storage>(
    _ a: UnsafeMutablePointer<vk_sum_logits_args>, _: S.Type, _: P.Type, _: T.Type, isUnrolled: Bool
) {
    let tile = Tile(
        S.self, Elements<P>(a.pointee.predictions), Elements<T>(a.pointee.targets), count: a.pointee.count)
    var check = DomainCheck<S.Lanes>()
    a.pointee.sum = multiplyTerms(tile, isUnrolled: isUnrolled) { x, t, _, count in
        check.see(t, count: count)
        return SoftplusTerm(x, t)
    }.value(asSmallAs: S.self)
    a.pointee.is_outside = check.isOutside
}

extension vk_sum_logits_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_sum_logits_at(level.instructionSet, &self) }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sums of the plain losses of short rows of logits: see `sumRows`. The product of a row of `Tuning.rowColumns`
/// logits is at most 2^512.
@c @implementation
func vk_sum_logit_rows(_ a: UnsafeMutablePointer<vk_sum_rows_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_rows_args>, _: S.Type) {
    var terms = PlainTerms<S>()
    sumRows(a, S.self, of: SoftplusProduct.self) {
        terms.multiply($0, isWide: false)
    } reduce: {
        let reduced = $0.reduced
        return (reduced.linear, reduced.productLessOne, 0)
    } sums: {
        SoftplusProduct(productLessOne: $0.second, linear: $0.first).values(asSmallAs: S.self)
    }
    a.pointee.may_be_outside = terms.mayBeOutside
}

extension vk_sum_rows_args {
    @inline(never)
    mutating func sumLogitRows(_ level: KernelLevel) { vk_sum_logit_rows_at(level.instructionSet, &self) }
}

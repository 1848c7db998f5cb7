// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The sums of the plain losses of short rows of probabilities with 0/1 targets: see `sumRows`. Of 512 likelihoods, a
/// lane of the product has 64, and stays normal unless their mean loss exceeds 11 nats.
@c @implementation
func vk_sum_probability_rows(_ a: UnsafeMutablePointer<vk_sum_rows_args>) {
    a.pointee.is_double ? sum(a, Double.self) : sum(a, Float.self)
}

@inline(always)
private func sum<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_sum_rows_args>, _: S.Type) {
    typealias L = S.Lanes
    let bounds = FactorBounds<L>(a.pointee.bounds)
    let least = F64x16(repeating: S.relativeFloor * Double(a.pointee.columns))
    sumRows(a, S.self, of: LikelihoodBlock<L>.self) { row in
        var block = LikelihoodBlock(L.zero)
        block.multiply(row, 0..<row.count, bounds, isUnrolled: false) { p, t, _, _ in (p, t) }
        return block
    } reduce: {
        var product = LikelihoodProduct()
        product.add($0)
        let reduced = product.reduced
        return (reduced.exponent, $0.isInside ? reduced.significand : .nan, reduced.lost)
    } sums: {
        let sums = negativeLogarithms($0.second, exponents: $0.first, lost: $0.third)
        let nan = F64x16(repeating: .nan)
        // The logarithm would hide the NaN.
        return sums.ifAtLeast(least, $0.second.ifAtLeast(F64x16.one, sums, nan), nan)
    }
}

extension vk_sum_rows_args {
    @inline(never)
    mutating func sumProbabilityRows(_ level: KernelLevel) {
        vk_sum_probability_rows_at(level.instructionSet, &self)
    }
}

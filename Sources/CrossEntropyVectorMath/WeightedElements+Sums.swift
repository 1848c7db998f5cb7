// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

extension WeightedElements {
    /// The sum of the losses that `loss` returns for as many elements as there are lanes, without the rest. No weight may
    /// be a product.
    ///
    /// Lanes are first added to each other in the element type, which is exact where they are equal. Of sixteen lanes, four
    /// vectors are added before they are added to the sum; see `sumRest`.
    @export(implementation) @inline(always)
    public mutating func sumWhole(
        allCount: Bool, hasPositiveWeights: Bool = false, checksTargets: Bool = true,
        _ loss: (_ elements: WeightedElement<L>, _ index: Int) -> L
    ) -> F64x16 {
        var sum = F64x16.zero
        var index = 0
        while index &+ L.count <= count {
            let groupEnd = min(count, index &+ 4 &* F64x16.count)
            var group = F64x16.zero
            repeat {
                prefetchAhead(index)
                let elements = loadWhole(
                    index, allCount: allCount, hasPositiveWeights: hasPositiveWeights,
                    checksTargets: checksTargets)
                group = group + loss(elements, index).foldedSum.widened
                index &+= L.count
                // Known at compile time for wide lanes, which are a group of their own.
            } while L.count < L.Scalar.WideLanes.count && index < groupEnd
            sum = sum + group
        }
        return sum
    }

    /// The sum of the losses that `loss` returns for all elements.
    ///
    /// - Parameter isWhole: as in `ElementsKernel`.
    @export(implementation) @inline(always)
    public mutating func sum(
        isWhole: Bool, _ loss: (_ elements: WeightedElement<L>, _ index: Int, _ count: Int) -> L
    ) -> F64x16 {
        guard isWhole else { return sumRest(loss) }
        // Options that a call does not have cost time too, hence three loops. The first one has every option.
        if counting.isNeeded {
            return sumWhole(allCount: false, hasPositiveWeights: true) { loss($0, $1, L.count) }
        }
        return positiveWeights.isGiven
            ? sumWhole(allCount: true, hasPositiveWeights: true) { loss($0, $1, L.count) }
            : sumWhole(allCount: true) { loss($0, $1, L.count) }
    }

    /// The sum of the losses that `loss` returns for all elements.
    ///
    /// Four vectors are added to each other first, so that a lane adds few numbers in sequence and the rounding error of
    /// Doubles stays below 1e-14 even if all elements are equal and errors do not average out.
    @export(implementation) @inline(always)
    public mutating func sumRest(
        _ loss: (_ elements: WeightedElement<L>, _ index: Int, _ count: Int) -> L
    ) -> F64x16 {
        var sum = F64x16.zero
        var index = 0
        while index < count {
            let groupEnd = min(count, index &+ 4 &* L.count)
            var group = F64x16.zero
            while index < groupEnd {
                let rest = min(L.count, count &- index)
                group = group + loss(load(index, rest), index, rest).foldedSum.widened
                index &+= L.count
            }
            sum = sum + group
        }
        return sum
    }

    /// Adds the results over all elements to those that have been written before.
    ///
    /// - Parameter mayBeOutside: whether a prediction may be outside its domain.
    @export(implementation) @inline(always)
    public func finish(
        _ a: inout vk_elements_args, sum: F64x16, mayBeOutside: Bool = false
    ) {
        let total = a.sum + sum.sum
        let isFit = a.is_exact || weightRange.isFit && positiveWeightRange.isFit && isAccurate(total, a)
        a.sum = isFit ? total : .nan
        a.may_be_outside = a.may_be_outside || mayBeOutside || check.mayBeOutside
        a.counted += counting.counted(of: count)
    }

    /// Whether the sum is large enough for the weights. A tile has up to 2^13 losses below the smallest normal Float,
    /// 2^-126; each is wrong by up to 2^-150 times its weights, together 2^-37 of a sum of 2^-100 times the largest
    /// weights. (For Double, 2^-161 of a sum of 2^-900.)
    @export(implementation) @inline(always)
    func isAccurate(_ sum: Double, _ a: vk_elements_args) -> Bool {
        typealias S = L.Scalar
        let scale = S.self == Float.self ? 0x1p100 : 0x1p900
        let positive = positiveWeightRange.largest.atLeast(
            S.Lanes(repeating: max(1, S(a.formula.pointee.positiveWeight.magnitude))))
        return S.Lanes(repeating: S(sum.magnitude * scale)).areAtLeast(weightRange.largest * positive)
    }
}

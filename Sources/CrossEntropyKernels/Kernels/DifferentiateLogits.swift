// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The derivatives of plain losses with respect to logits, times `scale`, and the sum of the losses from the same
/// exponentials, bit-identical to that of `vk_sum_logits`. Leaving the sum out when it is not wanted would save
/// nothing: it takes only a multiplication and an addition per element, next to a division.
@c @implementation
func vk_differentiate_logits(_ a: UnsafeMutablePointer<vk_differentiate_logits_args>) {
    a.pointee.is_double ? differentiate(a, Double.self) : differentiate(a, Float.self)
}

@inline(always)
private func differentiate<S: LaneScalar>(_ a: UnsafeMutablePointer<vk_differentiate_logits_args>, _: S.Type)
{
    typealias L = S.Lanes
    let tile = Tile(
        S.self, Elements<S>(a.pointee.predictions), Elements<S>(a.pointee.targets), count: a.pointee.count)
    let scale = L(repeating: S(a.pointee.scale))
    let (gradient, hessian) = (a.pointee.gradient, a.pointee.hessian)
    var check = DomainCheck<L>()
    /// Writes the derivatives of `count` elements; returns what their losses contribute to the product.
    let write = { (index: Int, count: Int) in
        let (x, t) = tile.load(index, count: count)
        check.see(t, count: count)
        let element = LogitElement(x, Coefficients(target: t))
        element.gradient(times: scale).store(gradient, index, count: count)
        if let hessian { element.hessian(times: scale).store(hessian, index, count: count) }
        let term = SoftplusTerm(linear: element.wrong * element.magnitude, factorLessOne: element.e)
        return count == L.count ? term : term.inPrefix(count)
    }
    var sum = SoftplusProduct()
    var index = 0
    while S.self == Float.self, index &+ 4 &* L.count <= tile.count {
        tile.prefetchAhead(index)
        let (a, b) = (write(index, L.count), write(index &+ L.count, L.count))
        let (c, d) = (write(index &+ 2 &* L.count, L.count), write(index &+ 3 &* L.count, L.count))
        sum.add(a.joined(b).joined(c.joined(d)))
        index &+= 4 &* L.count
    }
    while index < tile.count {
        // As in `multiplyTerms`, to which the sum is bit-identical.
        let end = min(tile.count, index &+ 4 &* L.count)
        var rest = SoftplusTerm<L>.neutral
        while index < end {
            rest = write(index, min(L.count, end &- index)).joined(rest)
            index &+= L.count
        }
        sum.add(rest)
    }
    a.pointee.sum = sum.value(asSmallAs: S.self)
    a.pointee.is_outside = check.isOutside
}

extension vk_differentiate_logits_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_differentiate_logits_at(level.instructionSet, &self) }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The gradient of plain losses with respect to their probabilities, times the formula's scale. Without bounds on logarithms,
///
///     -t / p + (1 - t) / (1 - p) = (p - t) / (p (1 - p)),
///
/// one division, in which nothing is lost: p - t is rounded once, and a 1 - p that was rounded stands above and below. Where both
/// are 0, at a certain and right prediction, it is 1 or -1.
@c @implementation
func vk_differentiate_probabilities(_ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>) {
    a.pointee.is_double ? differentiate(a, Double.self) : differentiate(a, Float.self)
}

@inline(always)
private func differentiate<S: LaneScalar>(
    _ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>, _: S.Type
) {
    typealias L = S.Lanes
    let gradients = ProbabilityGradients<S>(a)
    var notFinite = L.zero
    var index = 0
    // Compiled apart, so that the loops have no branches in them.
    if gradients.isQuotient {
        index =
            gradients.hasBounds
            ? gradients.writeQuotients(&notFinite, hasBounds: true)
            : gradients.writeQuotients(&notFinite, hasBounds: false)
    }
    while index < gradients.count {
        let count = min(L.count, gradients.count &- index)
        let gradient = gradients.write(index, count)
        notFinite = L.multiplyAdd(
            count == L.count ? gradient : gradient.inPrefix(count, else: L.zero), L.zero, notFinite)
        index &+= L.count
    }
    a.pointee.is_finite = notFinite.widened.sum == 0
}

private struct ProbabilityGradients<S: LaneScalar> {
    typealias L = S.Lanes
    let predictions, targets: Elements<S>
    let gradient: UnsafeMutableRawPointer
    let count: Int
    let rule: GradientRule
    let isQuotient: Bool
    /// Whether gradients are 0 outside of bounds.
    let hasBounds: Bool
    let bounds: LaneBounds<L>
    let floor, scale: L

    @inline(always)
    init(_ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>) {
        let formula = a.pointee.formula
        (predictions, targets) = (Elements(a.pointee.predictions), Elements(a.pointee.targets))
        (gradient, count) = (a.pointee.gradient, a.pointee.count)
        rule = formula.pointee.gradientRule
        isQuotient = formula.pointee.isQuotient
        hasBounds = formula.pointee.isBounded && rule == .derivative
        bounds = LaneBounds(formula)
        floor = L(repeating: S(rule == .derivative ? -.infinity : formula.pointee.gradientFloor))
        scale = L(repeating: S(formula.pointee.scale))
    }

    /// Writes the gradients of 64 elements at a time, and returns how many it has written.
    ///
    /// Two elements share a division, as 1 / a = b / (a b). A division takes as long as ten multiplications.
    @inline(always)
    func writeQuotients(_ notFinite: inout L, hasBounds: Bool) -> Int {
        let least = L(repeating: S.leastSharedDivisor)
        var index = 0
        while index &+ 4 &* L.count <= count {
            let a = pair(index, hasBounds: hasBounds)
            let b = pair(index &+ 2 &* L.count, hasBounds: hasBounds)
            if a.divisor.atMost(b.divisor).ifAtLeast(least, L.zero, L.one).unionOfBits == 0 {
                a.store(gradient, index)
                b.store(gradient, index &+ 2 &* L.count)
                notFinite = L.multiplyAdd(a.sum + b.sum, L.zero, notFinite)
                index &+= 4 &* L.count
            } else {
                let end = index &+ 4 &* L.count
                while index < end {
                    let slope = quotient(at: index, L.count, hasBounds: hasBounds)
                    notFinite = L.multiplyAdd(slope, L.zero, notFinite)
                    index &+= L.count
                }
            }
        }
        return index
    }

    @inline(always)
    private func pair(_ index: Int, hasBounds: Bool) -> QuotientPair<L> {
        let next = index &+ L.count
        let (p, t) = (predictions.load(index, as: L.self), targets.load(index, as: L.self))
        let (r, u) = (predictions.load(next, as: L.self), targets.load(next, as: L.self))
        let (a, b) = (variance(p, hasBounds: hasBounds), variance(r, hasBounds: hasBounds))
        let divisor = a * b
        let shared = scale / divisor
        let (first, second) = ((shared * b) * (p - t), (shared * a) * (r - u))
        guard hasBounds else { return QuotientPair(first: first, second: second, divisor: divisor) }
        return QuotientPair(first: inside(p, t, first), second: inside(r, u, second), divisor: divisor)
    }

    @inline(always)
    private func variance(_ p: L, hasBounds: Bool) -> L {
        let p = hasBounds ? bounds.bound(p) : p
        return (p * (L.one - p)).atLeast(floor)
    }

    /// The gradients of `count` elements, however close to 0 or 1 the probabilities are.
    @inline(always)
    func write(_ index: Int, _ count: Int) -> L {
        if isQuotient { return quotient(at: index, count, hasBounds: hasBounds) }
        let p = predictions.load(index, count: count, as: L.self)
        let t = targets.load(index, count: count, as: L.self)
        let slope = ProbabilityElement(p, Coefficients(target: t), bounds)
            .gradient(rule, floor: floor, scale: scale)
        slope.store(gradient, index, count: count)
        return slope
    }

    @inline(always)
    private func quotient(at index: Int, _ count: Int, hasBounds: Bool) -> L {
        let p = predictions.load(index, count: count, as: L.self)
        let t = targets.load(index, count: count, as: L.self)
        let (error, variance) = (p - t, (p * (L.one - p)).atLeast(floor))
        let ratio = error / variance
        let limit = (L.one - t) - p
        var slope = variance.ifEqual(L.zero, error.ifEqual(L.zero, limit, ratio), ratio) * scale
        if hasBounds { slope = inside(p, t, slope) }
        slope.store(gradient, index, count: count)
        return slope
    }

    /// 0 outside of the bounds, where a NaN of the prediction or the target stays NaN.
    @inline(always)
    private func inside(_ p: L, _ t: L, _ slope: L) -> L { bounds.ifInside(p, slope) + (p + t) * L.zero }
}

/// Gradients of two times sixteen elements, and the divisor that they share.
private struct QuotientPair<L: Lanes> {
    let first, second, divisor: L

    @inline(always)
    func store(_ base: UnsafeMutableRawPointer, _ index: Int) {
        first.store(base, index, count: L.count)
        second.store(base, index &+ L.count, count: L.count)
    }

    /// Infinite or NaN where a gradient is.
    @inline(always) var sum: L { first + second }
}

extension Formula {
    /// Whether gradients are one quotient, (p - t) / p (1 - p), whose divisor may have a floor.
    fileprivate var isQuotient: Bool {
        gradientRule == .boundedProduct || gradientRule == .derivative && added == 0 && factorFloor == 0
    }
}

extension LaneScalar {
    /// A product of two numbers from here up to 1 is normal, and so is the formula's scale, from 2^-126 to 2^60, over it.
    fileprivate static var leastSharedDivisor: Self {
        significandBitCount == Float.significandBitCount ? 0x1p-60 : 0x1p-500
    }
}

extension vk_differentiate_probabilities_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_differentiate_probabilities_at(level.instructionSet, &self) }
}

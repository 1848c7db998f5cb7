// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The gradient of plain losses with respect to their probabilities, times the formula's scale. Without bounds on
/// logarithms, it is
///
///     -t / p + (1 - t) / (1 - p) = (p - t) / (p (1 - p)),
///
/// which takes one division and loses no accuracy: p - t is rounded once, and a rounded 1 - p appears in both the
/// numerator and the denominator. Where both are 0, at a certain and correct prediction, the gradient is 1 or -1.
@c @implementation
func vk_differentiate_probabilities(_ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>) {
    differentiate(a, isWide: false)
}

@c(vk_differentiate_probabilities_wide)
private func wide(_ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>) {
    differentiate(a, isWide: true)
}

@inline(always)
private func differentiate(_ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>, isWide: Bool) {
    a.pointee.is_double
        ? differentiate(a, Double.self, isWide: isWide) : differentiate(a, Float.self, isWide: isWide)
}

@inline(always)
private func differentiate<S: LaneScalar>(
    _ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>, _: S.Type, isWide: Bool
) {
    typealias L = S.Lanes
    var gradients = ProbabilityGradients<S>(a)
    var notFinite = L.zero
    var index = 0
    while index < gradients.count {
        // Each case is compiled separately, so that the loops do not branch on these flags. The baseline has one loop.
        if gradients.sharesDivisions, !gradients.hasBounds, !gradients.hasFloor {
            index = gradients.writeQuotients(from: index, hasBounds: false, hasFloor: false)
        } else if isWide, gradients.sharesDivisions {
            index =
                gradients.hasBounds
                ? gradients.writeQuotients(from: index, hasBounds: true, hasFloor: false)
                : gradients.writeQuotients(from: index, hasBounds: false, hasFloor: true)
        }
        let end = min(gradients.count, index &+ 2 &* L.count)
        while index < end {
            let count = min(L.count, end &- index)
            let gradient = gradients.writeOne(index, count)
            notFinite = L.multiplyAdd(
                count == L.count ? gradient : gradient.inPrefix(count, else: L.zero), L.zero, notFinite)
            index &+= L.count
        }
    }
    a.pointee.is_finite = notFinite.widened.sum == 0
    a.pointee.may_be_outside = gradients.check.mayBeOutside
}

private struct ProbabilityGradients<S: LaneScalar> {
    typealias L = S.Lanes
    let predictions, targets: Elements<S>
    let gradient: UnsafeMutableRawPointer
    let count: Int
    let rule: GradientRule
    let isQuotient: Bool
    /// Whether two quotients may share a division: with a scale of more than 2^60, a quotient might overflow.
    let sharesDivisions: Bool
    /// Whether gradients are 0 outside the bounds.
    let hasBounds: Bool
    let hasFloor: Bool
    let bounds: LaneBounds<L>
    let floor, scale: L
    let checksPredictions: Bool
    var check = DomainCheck<L>()

    @inline(always)
    init(_ a: UnsafeMutablePointer<vk_differentiate_probabilities_args>) {
        let formula = a.pointee.formula
        (predictions, targets) = (Elements(a.pointee.predictions), Elements(a.pointee.targets))
        (gradient, count) = (a.pointee.gradient, a.pointee.count)
        rule = formula.pointee.gradientRule
        isQuotient = formula.pointee.isQuotient
        sharesDivisions = isQuotient && formula.pointee.scale.magnitude <= 0x1p60
        hasBounds = formula.pointee.isBounded && rule == .derivative
        hasFloor = rule != .derivative
        bounds = LaneBounds(formula)
        floor = L(repeating: S(hasFloor ? formula.pointee.gradientFloor : -.infinity))
        scale = L(repeating: S(formula.pointee.scale))
        checksPredictions = formula.pointee.checksPredictions
    }

    /// Writes the gradients from element `start` on, two vectors at a time, and returns the index of the first one that it
    /// has not written. It stops at vectors with a divisor that is too small or NaN, and where fewer than two remain.
    ///
    /// Two elements share a division, because 1 / a = b / (a b). A division takes as long as ten multiplications. No
    /// gradient becomes infinite that need not be: elements with a small divisor take a division of their own
    /// (`writeOne`).
    @inline(always)
    mutating func writeQuotients(from start: Int, hasBounds: Bool, hasFloor: Bool) -> Int {
        var check = check
        defer { self.check = check }
        var index = start
        while hasPair(index), writePair(index, &check, hasBounds: hasBounds, hasFloor: hasFloor) {
            index &+= 2 &* L.count
            // A second pair per turn saves 5% of the time (Zen 4, AVX-512 and AVX2, L1 cache).
            guard hasPair(index), writePair(index, &check, hasBounds: hasBounds, hasFloor: hasFloor) else {
                return index
            }
            index &+= 2 &* L.count
        }
        return index
    }

    /// Whether two whole vectors start at element `index`.
    @inline(always)
    private func hasPair(_ index: Int) -> Bool { index &+ 2 &* L.count <= count }

    /// Writes the gradients of two vectors. Returns false, and writes nothing, if a divisor is too small or NaN.
    @inline(always)
    private func writePair(
        _ index: Int, _ check: inout DomainCheck<L>, hasBounds: Bool, hasFloor: Bool
    ) -> Bool {
        let pair = divisors(index, &check, hasBounds: hasBounds, hasFloor: hasFloor)
        guard pair.smallest.areAtLeast(L(repeating: S.leastSharedDivisor)) else { return false }
        let shared = scale / pair.product
        writeQuotient(index, shared * pair.second, &check, hasBounds: hasBounds)
        writeQuotient(index &+ L.count, shared * pair.first, &check, hasBounds: hasBounds)
        return true
    }

    @inline(always)
    private func divisors(
        _ index: Int, _ check: inout DomainCheck<L>, hasBounds: Bool, hasFloor: Bool
    ) -> Divisors<L> {
        let p = predictions.load(index, as: L.self)
        let r = predictions.load(index &+ L.count, as: L.self)
        let (v, w) = (variance(p, hasBounds: hasBounds), variance(r, hasBounds: hasBounds))
        guard hasFloor else { return Divisors(v, w) }
        if checksPredictions {
            check.see(p)
            check.see(r)
        }
        return Divisors(v.atLeast(floor), w.atLeast(floor))
    }

    @inline(always)
    private func writeQuotient(_ index: Int, _ factor: L, _ check: inout DomainCheck<L>, hasBounds: Bool) {
        let (p, t) = (predictions.load(index, as: L.self), targets.load(index, as: L.self))
        check.see(t)
        let slope = factor * (p - t)
        (hasBounds ? inside(p, t, slope) : slope).store(gradient, index, count: L.count)
    }

    @inline(always)
    private func variance(_ p: L, hasBounds: Bool) -> L {
        let p = hasBounds ? bounds.bound(p) : p
        return p * (L.one - p)
    }

    /// Writes and returns the gradients of `count` elements, however close to 0 or 1 the probabilities are.
    @inline(always)
    mutating func writeOne(_ index: Int, _ count: Int) -> L {
        if isQuotient { return quotient(at: index, count) }
        let p = predictions.load(index, count: count, as: L.self)
        let t = targets.load(index, count: count, as: L.self)
        see(p, t)
        let slope = ProbabilityElement(p, Coefficients(target: t), bounds)
            .gradient(rule, floor: floor, scale: scale)
        slope.store(gradient, index, count: count)
        return slope
    }

    @inline(always)
    private mutating func quotient(at index: Int, _ count: Int) -> L {
        let p = predictions.load(index, count: count, as: L.self)
        let t = targets.load(index, count: count, as: L.self)
        see(p, t)
        let (error, variance) = (p - t, (p * (L.one - p)).atLeast(floor))
        let ratio = error / variance
        let limit = (L.one - t) - p
        var slope = variance.ifEqual(L.zero, error.ifEqual(L.zero, limit, ratio), ratio) * scale
        if hasBounds { slope = inside(p, t, slope) }
        slope.store(gradient, index, count: count)
        return slope
    }

    @inline(always)
    private mutating func see(_ p: L, _ t: L) {
        check.see(t)
        if checksPredictions { check.see(p) }
    }

    /// 0 outside the bounds, even for an infinite prediction, except that a NaN of the prediction or the target stays NaN.
    @inline(always)
    private func inside(_ p: L, _ t: L, _ slope: L) -> L {
        bounds.ifInside(p, slope) + (bounds.bound(p) + t) * L.zero
    }
}

/// The divisors of two vectors, p (1 - p), which may have a floor, and their product.
private struct Divisors<L: Lanes> {
    let first, second, product: L

    @inline(always)
    init(_ first: L, _ second: L) {
        (self.first, self.second) = (first, second)
        product = first * second
    }

    /// If this is positive, so are both divisors. Without a floor, the probabilities are then between 0 and 1. NaN if
    /// either divisor is.
    @inline(always)
    var smallest: L { product.atMost(first) }
}

extension Formula {
    /// Whether gradients are one quotient, (p - t) / (p (1 - p)), whose divisor may have a floor.
    fileprivate var isQuotient: Bool {
        gradientRule == .boundedProduct || gradientRule == .derivative && added == 0 && factorFloor == 0
    }
}

extension LaneScalar {
    /// A scale from 2^-126 to 2^60, divided by a number between this one and 1, is a normal number.
    fileprivate static var leastSharedDivisor: Self {
        significandBitCount == Float.significandBitCount ? 0x1p-60 : 0x1p-500
    }
}

extension vk_differentiate_probabilities_args {
    @inline(never)
    mutating func run(_ level: KernelLevel) { vk_differentiate_probabilities_at(level.instructionSet, &self) }
}

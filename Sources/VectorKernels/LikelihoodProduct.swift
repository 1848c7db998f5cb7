// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// The product of likelihoods of some vectors: p where t = 1, 1 - p where t = 0; each lane holds its sign or not.
///
/// FP additions and multiplications bound this loop (two a cycle), so that it has no other: four additions and a
/// multiplication for the factor, what it lost and the check of t, and in Double a conversion and a multiplication for
/// each half.
@frozen @usableFromInline
struct LikelihoodBlock<L: Lanes> {
    @usableFromInline var product = F64x8.one
    /// What rounding took from 1 - p, exactly. log(value + lost) = log(value) + lost / value; adding `lost` as it
    /// stands is wrong by lost p / (1 - p), and the loss is about p: below half an ulp of 1 of the loss, and where
    /// p > 1/2 nothing is lost.
    @usableFromInline var lost = L.zero
    /// A bit other than the sign is set once a target is not 0 or 1, or a probability not in [0, 1].
    @usableFromInline var outside: L

    @inlinable @inline(always) init(_ outside: L) { self.outside = outside }

    @inlinable @inline(always)
    mutating func multiply(_ p: L, _ t: L, _ bounds: FactorBounds<L>) {
        let certainty = t - L.one
        // p, or -(1 - p).
        let value = p + certainty
        lost = lost + ((value - certainty) - p)
        let isOutside = p | p.addingBits(L(repeating: L.Scalar.bitsFromAboveOneToSign)) | t
        outside = outside | (t ^ t.bitsDoubled) | isOutside.signMovedToLowestBit
        product = product.timesHalves(bounds.factor(value))
    }
}

/// How a probability, and its factor, are bounded.
@frozen
public struct FactorBounds<L: Lanes> {
    @usableFromInline let isOn: Bool
    @usableFromInline let lower: L
    @usableFromInline let upper: L
    @usableFromInline let floor: F64x16

    /// None where there is no formula.
    @inlinable @inline(always)
    public init(_ formula: UnsafePointer<lk_formula>?) {
        isOn = formula != nil
        lower = L(repeating: L.Scalar(formula?.pointee.lower ?? 0))
        upper = L(repeating: L.Scalar(formula?.pointee.upper ?? 0))
        floor = F64x16(repeating: formula?.pointee.factor_floor ?? 0)
    }

    @inlinable @inline(always)
    func bound(_ p: L) -> L { isOn ? p.atLeast(lower).atMost(upper) : p }

    @inlinable @inline(always)
    func factor(_ value: L) -> F64x16 { isOn ? value.widened.magnitude.atLeast(floor) : value.widened }
}

/// The product of the likelihoods of a tile.
@frozen @usableFromInline
struct LikelihoodProduct {
    /// The product of the blocks' significands, each in [1, 2): 2^8 at most for the blocks of a tile.
    @usableFromInline var significands = F64x16.one
    @usableFromInline var exponents = F64x16.zero
    @usableFromInline var lost = F64x16.zero
    @usableFromInline var failures = F64x16.zero

    @inlinable @inline(always) init() {}

    @inlinable @inline(always)
    mutating func add<L: Lanes>(_ block: LikelihoodBlock<L>) {
        typealias D = F64x16
        let product = block.product.besideOnes.magnitude
        // Exponent field -> integer in floating point: OR it under 2^52, subtract that and the bias.
        let magic = Double.roundingShift / 1.5
        failures = failures + product.ifAtLeast(D(repeating: .leastNormalMagnitude), D.zero, D.one)
        exponents =
            exponents
            + ((product.bitsMovedFromExponent | D(repeating: magic))
                - D(repeating: magic + Double.exponentBias))
        significands = significands * ((product & D(repeating: Double.fractionField)) | D.one)
        lost = lost + block.lost.widened
    }

    /// Of elements that are not what it is for.
    @inlinable @inline(always)
    static var invalid: Self {
        var product = Self()
        product.failures = F64x16.one
        return product
    }

    /// False where a block was zero, NaN or out of range.
    @inlinable @inline(always) var isValid: Bool { failures.sum == 0 }

    @inlinable @inline(always)
    var negativeLogarithm: Double { negativeLogarithms(significands, exponents: exponents, lost: lost).sum }
}

/// -log(significand 2^exponent (1 + lost)), see `LikelihoodBlock` for `lost`.
@inlinable @inline(always)
func negativeLogarithms(_ significands: F64x16, exponents: F64x16, lost: F64x16) -> F64x16 {
    let fromExponents = F64x16.multiplyAdd(
        exponents, F64x16(repeating: Double.ln2Low),
        log(ofNormal: significands, lessOne: significands - F64x16.one) + lost)
    return F64x16.zero - F64x16.multiplyAdd(exponents, F64x16(repeating: Double.ln2High), fromExponents)
}

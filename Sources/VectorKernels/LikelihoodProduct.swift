/// The likelihood of one 0/1 target: p where t = 1, 1 - p where t = 0.
@frozen @usableFromInline
struct LikelihoodFactor<L: Lanes> {
    @usableFromInline let value: L
    /// What rounding took from 1 - p, exactly. log(value + lost) = log(value) + lost / value; adding `lost` as it
    /// stands is wrong by lost p / (1 - p), and the loss is about p: below half an ulp of 1 of the loss, and where
    /// p > 1/2 nothing is lost.
    @usableFromInline let lost: L

    @inlinable @inline(always)
    init(_ p: L, _ t: L, _ flags: inout LikelihoodFlags<L>) {
        let base = L.one - t
        let sign = t - base
        // sign is 1 or -1, so that the products are exact and fusing changes nothing but the number of instructions.
        value = L.multiplyAdd(sign, p, base)
        lost = L.multiplyAdd(sign, p, base - value)
        flags.targets = flags.targets | (sign ^ L.one)
        flags.factors = flags.factors | value
    }
}

/// What a product would hide: targets that are not 0 or 1, and factors that are negative.
@frozen @usableFromInline
struct LikelihoodFlags<L: Lanes> {
    /// The union of the bits in which 2 t - 1 differs from 1: for 0/1 targets, the sign bit alone.
    @usableFromInline var targets = L.zero
    /// The union of the bits of all factors.
    @usableFromInline var factors = L.zero

    @inlinable @inline(always) init() {}

    /// Whether the product tells.
    @inlinable @inline(always)
    var allow: Bool {
        let sign = L(repeating: -0.0)
        return ((targets | sign) ^ sign).unionOfBits == 0 && (factors & sign).unionOfBits == 0
    }
}

@frozen @usableFromInline
struct LikelihoodProduct {
    /// The product of the blocks' significands, each in [1, 2): 2^16 at most for the blocks of a tile.
    @usableFromInline var significands = F64x16.one
    @usableFromInline var exponents = F64x16.zero
    @usableFromInline var lost = F64x16.zero
    @usableFromInline var failures = F64x16.zero

    @inlinable @inline(always) init() {}

    @inlinable @inline(always)
    mutating func endBlock(_ product: F64x16, lost blockLost: F64x16) {
        typealias L = F64x16
        // Exponent field -> integer in floating point: OR it under 2^52, subtract that and the bias.
        let magic = Double.roundingShift / 1.5
        failures = failures + product.ifAtLeast(L(repeating: .leastNormalMagnitude), L.zero, L.one)
        exponents =
            exponents
            + ((product.bitsMovedFromExponent | L(repeating: magic))
                - L(repeating: magic + Double.exponentBias))
        significands = significands * ((product & L(repeating: Double.fractionField)) | L.one)
        lost = lost + blockLost
    }

    /// NaN where a block was zero, NaN or out of range.
    @inlinable @inline(always)
    var negativeLogarithm: Double {
        guard failures.sum == 0 else { return .nan }
        let fromExponents = F64x16.multiplyAdd(
            exponents, F64x16(repeating: Double.ln2Low),
            log(ofNormal: significands, lessOne: significands - F64x16.one) + lost)
        return -F64x16.multiplyAdd(exponents, F64x16(repeating: Double.ln2High), fromExponents).sum
    }
}

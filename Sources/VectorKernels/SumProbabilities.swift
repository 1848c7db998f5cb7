/// The sum of losses from probabilities and 0/1 targets with neither exponential nor logarithm an element: the log of
/// the product of p (t = 1) and 1 - p (t = 0).
///
/// The factor is c + (t - c) p with c = 1 - t, computed in Double: p itself or 1 - p within 2^-54, so that the product
/// of `blockFactors` factors is right to 2^-53 each. Once a block, the exponent of each lane is moved to a sum of its
/// own, so that the significands' product stays in range.
///
/// Returns NaN, and `sumProbabilityLossesEach` has the answer, where: a target is not 0 or 1; a factor is negative,
/// NaN or 0, or a block's product leaves the normal range (a mean loss over 22 nats in a lane of a block); or the mean
/// loss is below `relativeFloor`, where 2^-53 a factor would be too much of it.
@inlinable @inline(always)
public func sumProbabilityLosses<S: LaneScalar, T: Storage>(
    _ tile: Tile<S, T>, bounded: Bool, lower: Double, upper: Double, factorFloor: Double
) -> Double {
    typealias L = F64x16
    let factors = FactorRule(bounded: bounded, lower: lower, upper: upper, factorFloor: factorFloor)
    var state = LikelihoodProduct()
    var index = 0
    while index + L.count <= tile.count {
        let blockEnd = min(tile.count - L.count, index + (blockFactors - 1) * L.count)
        var product = L.one
        while index <= blockEnd {
            let (p, t) = tile.load(index, as: L.self)
            product = product * factors.factor(p, t, &state)
            index += L.count
        }
        state.endBlock(product)
    }
    if index < tile.count {
        let (p, t) = tile.loadTail(as: L.self)
        state.endBlock(tile.inTail(factors.factor(p, t, &state), else: L.one))
    }
    let total = state.negativeLogarithm
    return total >= S.relativeFloor * Double(tile.count) ? total : .nan
}

/// Factors multiplied before exponents are set aside. 32: the product stays normal unless the mean loss of a lane's
/// block exceeds 1,022 ln 2 / 32 = 22 nats, and setting aside costs 1/32 of its 8 instructions an element.
@inlinable @inline(always) var blockFactors: Int { 32 }

extension LaneScalar {
    /// The mean loss above which 2 roundings of 2^-53 a factor are within the accuracy promised: 2^-52 / 2e-14 for
    /// Double, and 2^-28, for a relative error of 6e-8, where predictions are Float.
    @inlinable @inline(always) static var relativeFloor: Double {
        significandBitCount == Float.significandBitCount ? 0x1p-28 : 0x1p-5
    }
}

@frozen @usableFromInline
struct FactorRule {
    @usableFromInline let bounded: Bool
    @usableFromInline let lower: F64x16
    @usableFromInline let upper: F64x16
    @usableFromInline let smallest: F64x16

    @inlinable @inline(always)
    init(bounded: Bool, lower: Double, upper: Double, factorFloor: Double) {
        self.bounded = bounded
        self.lower = F64x16(repeating: lower)
        self.upper = F64x16(repeating: upper)
        smallest = F64x16(repeating: factorFloor)
    }

    /// The likelihood of one target; notes in `state` what the product would hide.
    @inlinable @inline(always)
    func factor(_ probability: F64x16, _ t: F64x16, _ state: inout LikelihoodProduct) -> F64x16 {
        let p = bounded ? probability.atLeast(lower).atMost(upper) : probability
        let c = F64x16.one - t
        let sign = t - c
        let factor = F64x16.multiplyAdd(sign, p, c)
        state.targetBits = state.targetBits | (sign ^ F64x16.one)
        state.factorBits = state.factorBits | factor
        return bounded ? factor.atLeast(smallest) : factor
    }
}

@frozen @usableFromInline
struct LikelihoodProduct {
    /// The product of the blocks' significands, each in [1, 2): at most 2^32 for 32 blocks.
    @usableFromInline var significands = F64x16.one
    @usableFromInline var exponents = F64x16.zero
    @usableFromInline var failures = F64x16.zero
    @usableFromInline var targetBits = F64x16.zero
    @usableFromInline var factorBits = F64x16.zero

    @inlinable @inline(always) init() {}

    @inlinable @inline(always)
    mutating func endBlock(_ product: F64x16) {
        typealias L = F64x16
        let magic = Double.roundingShift / 1.5
        failures = failures + product.ifAtLeast(L(repeating: .leastNormalMagnitude), L.zero, L.one)
        exponents =
            exponents
            + ((product.bitsMovedFromExponent | L(repeating: magic))
                - L(repeating: magic + Double.exponentBias))
        significands = significands * ((product & L(repeating: Double.fractionField)) | L.one)
    }

    /// NaN where the product does not tell.
    @inlinable @inline(always)
    var negativeLogarithm: Double {
        let signBit: UInt64 = 1 << 63
        let hardTargets = targetBits.unionOfBits & ~signBit == 0
        let positiveFactors = factorBits.unionOfBits & signBit == 0
        guard hardTargets, positiveFactors, failures.sum == 0 else { return .nan }
        let logarithm = F64x16.multiplyAdd(
            exponents, F64x16(repeating: Double.ln2High),
            F64x16.multiplyAdd(
                exponents, F64x16(repeating: Double.ln2Low),
                log(ofNormal: significands, lessOne: significands - F64x16.one)))
        return -logarithm.sum
    }
}

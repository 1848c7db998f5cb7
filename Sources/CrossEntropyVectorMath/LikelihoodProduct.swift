// SPDX-License-Identifier: Apache-2.0

/// A sum of losses from probabilities and 0/1 targets, with neither an exponential nor a logarithm per element: the
/// negative logarithm of the product of p (t = 1) and 1 - p (t = 0).
///
/// Once per block, the exponent of each lane is moved to a separate sum, so that the product of the significands stays
/// in range. The rounding errors of the factors are summed separately; see `LikelihoodBlock`.
@frozen
public struct LikelihoodProduct {
    /// The product of the significands of the blocks, each in [1, 2): at most 2^8 for the blocks of a tile.
    @usableFromInline var significands = F64x16.one
    @usableFromInline var exponents = F64x16.zero
    @usableFromInline var lost = F64x16.zero
    @usableFromInline var failures = F64x16.zero

    @export(implementation) @inline(always) public init() {}

    @export(implementation) @inline(always)
    public mutating func add<L: SixteenLanes>(_ block: LikelihoodBlock<L>) {
        typealias D = F64x16
        let product = block.even.beside(block.odd).magnitude
        // Converts the exponent field to floating point: OR it into the low bits of 2^52, then subtract 2^52 and the
        // bias.
        let magic = Double.roundingShift / 1.5
        failures = failures + product.ifAtLeast(D(repeating: .leastNormalMagnitude), D.zero, D.one)
        exponents =
            exponents
            + ((product.bitsMovedFromExponent | D(repeating: magic))
                - D(repeating: magic + Double.exponentBias))
        significands = significands * ((product & D(repeating: Double.fractionField)) | D.one)
        lost = lost + block.lost.widened
    }

    /// An invalid product, for elements that this method does not support.
    @export(implementation) @inline(always)
    public static var invalid: Self {
        var product = Self()
        product.failures = F64x16.one
        return product
    }

    /// False if the product of a block was zero, NaN or out of range.
    @export(implementation) @inline(always) public var isValid: Bool { failures.sum == 0 }

    @export(implementation) @inline(always)
    public var negativeLogarithm: Double {
        negativeLogarithms(significands, exponents: exponents, lost: lost).sum
    }

    /// The sum of `count` losses, or NaN if the product is not valid or not accurate enough.
    @export(implementation) @inline(always)
    public func sum<S: LaneScalar>(of count: Int, _: S.Type) -> Double {
        let sum = isValid ? negativeLogarithm : .nan
        return sum >= S.relativeFloor * Double(count) ? sum : .nan
    }

    /// The reduction over all lanes: the sum of the exponents, the product of the significands (NaN if it is not valid)
    /// and the sum of the rounding errors.
    @export(implementation) @inline(always)
    public var reduced: (exponent: Double, significand: Double, lost: Double) {
        (exponents.sum, isValid ? significands.product : .nan, lost.sum)
    }
}

/// -log(significand 2^exponent (1 + lost)); see `LikelihoodBlock` for `lost`.
@export(implementation) @inline(always)
public func negativeLogarithms(_ significands: F64x16, exponents: F64x16, lost: F64x16) -> F64x16 {
    let fromExponents = F64x16.multiplyAdd(
        exponents, F64x16(repeating: Double.ln2Low),
        log(ofNormal: significands, lessOne: significands - F64x16.one) + lost)
    return F64x16.zero - F64x16.multiplyAdd(exponents, F64x16(repeating: Double.ln2High), fromExponents)
}

/// The product of the likelihoods of a tile.
@export(implementation) @inline(always)
public func multiplyLikelihoods<S: LaneScalar, T: Storage>(
    _ tile: Tile<S, T>, _ bounds: FactorBounds<S.Lanes>,
    _ select: (S.Lanes, S.Lanes, Int, Int) -> (S.Lanes, S.Lanes) = { p, t, _, _ in (p, t) }
) -> LikelihoodProduct {
    typealias L = S.Lanes
    var total = LikelihoodProduct()
    var outside = L.zero
    var index = 0
    while index < tile.count {
        let end = min(tile.count, index &+ Tuning.blockVectors &* L.count)
        var block = LikelihoodBlock(outside)
        block.multiply(tile, index..<end, bounds, isUnrolled: S.self == Float.self, select)
        index = end
        total.add(block)
        outside = block.outside
        // Soft targets are detected in the first block, so a tile of them costs little before its other kernel runs.
        guard block.isInside else { return .invalid }
    }
    return total
}

extension LaneScalar {
    /// The mean loss above which an error of 2^-53 per factor and, for Float, of 2^-25 of the loss (`LikelihoodBlock`)
    /// are within the promised accuracy: 2^-53 / 2^-28 = 3e-8 for Float predictions, 2^-53 / 2^-6 = 7e-15 for Double.
    @export(implementation) @inline(always) public static var relativeFloor: Double {
        significandBitCount == Float.significandBitCount ? 0x1p-28 : 0x1p-6
    }
}

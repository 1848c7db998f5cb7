// SPDX-License-Identifier: Apache-2.0

/// Detects weights whose products with other factors might not be normal numbers.
@frozen
public struct MagnitudeRange<L: SixteenLanes> {
    @usableFromInline let limit: L
    /// 1 / limit, or 0.
    @usableFromInline let lowerLimit: L
    @usableFromInline var largest = L.zero
    @usableFromInline var least: L

    /// Magnitudes up to `limit` and, if the weights are multiplied by a factor, 0 and magnitudes from 1 / limit on. A
    /// factor other than 1 must have such a magnitude too, and the limit of both is then the square root.
    @export(implementation) @inline(always)
    public init(limit: L.Scalar, factor: L.Scalar?) {
        let limit = factor ?? 1 == 1 ? limit : limit.squareRoot()
        self.limit = L(repeating: limit)
        lowerLimit = L(repeating: factor == nil ? 0 : 1 / limit)
        least = L(repeating: limit)
        if let factor { see(L(repeating: factor)) }
    }

    @export(implementation) @inline(always)
    public mutating func see<M: Lanes>(_ weight: M) where M.Scalar.Lanes == L {
        seeLargest(weight)
        let size = weight.magnitude
        least = least.atMost(
            size.ifEqual(M.zero, M(repeating: limit), size).folded { $0.atMost($1) })
    }

    /// Sufficient where weights have no factor.
    @export(implementation) @inline(always)
    public mutating func seeLargest<M: Lanes>(_ weight: M) where M.Scalar.Lanes == L {
        largest = largest.atLeast(weight.magnitude.folded { $0.atLeast($1) })
    }

    @export(implementation) @inline(always)
    public var isFit: Bool { limit.areAtLeast(largest) && least.areAtLeast(lowerLimit) }
}

extension LaneScalar {
    /// If weights have magnitudes between 1 / limit and limit, their products with a positive weight, a target and a
    /// factor of the formula are normal Floats or Doubles.
    @export(implementation) @inline(always)
    static var weightLimit: Self { significandBitCount == Float.significandBitCount ? 0x1p60 : 0x1p400 }
    @export(implementation) @inline(always)
    static var positiveWeightLimit: Self {
        significandBitCount == Float.significandBitCount ? 0x1p20 : 0x1p200
    }
}

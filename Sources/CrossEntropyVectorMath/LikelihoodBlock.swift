// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// The product of the likelihoods of a block of vectors: p where t = 1, 1 - p where t = 0. The sign of a lane is
/// arbitrary.
///
/// The product is kept in Double. In Float, its rounding errors of 2^-25 each would be too large beside the losses of a
/// good model (equal losses of 1e-4 per element would have a relative error of 1e-4). Two chains alternate, so that a
/// multiplication does not wait for the previous one.
///
/// Floating-point additions and multiplications limit this loop (two per cycle), so it has as few as possible: five
/// additions for the factor and its rounding error, and in Double one conversion and one multiplication per half. The
/// checks of t and p are integer instructions.
@frozen
public struct LikelihoodBlock<L: SixteenLanes> {
    @usableFromInline var even = F64x8.one
    @usableFromInline var odd = F64x8.one
    /// The sum of the rounding errors of 1 - p, each of them exact. log(value + lost) = log(value) + lost / value.
    /// Adding `lost` itself instead has an error of lost p / (1 - p), and the loss is about p, so the error is below
    /// half an ulp of 1 relative to the loss. Where p > 1/2, nothing is lost.
    @usableFromInline var lost = L.zero
    /// A bit that `LabelCheck` does not allow is set once a target is not 0 or 1, or a probability is not in [0, 1].
    @usableFromInline var outside: L

    @export(implementation) @inline(always) public init(_ outside: L) { self.outside = outside }

    /// Multiplies one chain by the likelihoods of a vector.
    @export(implementation) @inline(always)
    mutating func multiply(_ p: L, _ t: L, _ bounds: FactorBounds<L>, intoOdd: Bool) {
        let certainty = t - L.one
        // p, or -(1 - p).
        let value = p + certainty
        lost = lost + ((value - certainty) - p)
        let isOutside = p | p.addingBits(L(repeating: L.Scalar.bitsFromAboveOneToSign)) | t
        outside = outside | (t ^ t.bitsDoubled) | isOutside.signMovedToLowestBit
        if intoOdd {
            odd = odd.timesHalves(bounds.factor(value))
        } else {
            even = even.timesHalves(bounds.factor(value))
        }
    }

    /// Whether all targets were 0 or 1, and all probabilities in [0, 1].
    @export(implementation) @inline(always)
    public var isInside: Bool { LabelCheck.areOfLabels(outside) }
}

extension LikelihoodBlock {
    /// Multiplies by the likelihoods of the elements of a tile in `range`. The last vector may have fewer than sixteen.
    /// Past the end, the probability and the target are set to 0, which gives a factor of 1. (Bits past the end may be
    /// set.)
    ///
    /// - Parameters:
    ///   - isUnrolled: whether four vectors are processed together, which is faster where a vector is one register but
    ///     takes five times as much code.
    ///   - select: replaces probabilities and targets that do not count, given their index and count.
    @export(implementation) @inline(always)
    public mutating func multiply<T: Storage>(
        _ tile: Tile<L.Scalar, T>, _ range: Range<Int>, _ bounds: FactorBounds<L>, isUnrolled: Bool,
        _ select: (L, L, Int, Int) -> (L, L)
    ) {
        var index = range.lowerBound
        while isUnrolled, index &+ 4 &* L.count <= range.upperBound {
            tile.prefetchAhead(index, count: 4 &* L.count)
            var group = 0
            while group < 4 {
                multiply(tile, index &+ group &* L.count, bounds, intoOdd: false, select)
                multiply(tile, index &+ (group &+ 1) &* L.count, bounds, intoOdd: true, select)
                group &+= 2
            }
            index &+= 4 &* L.count
        }
        tile.prefetchAhead(index, count: 4 &* L.count)
        while index < range.upperBound {
            let count = min(L.count, range.upperBound &- index)
            var (p, t) = tile.load(index, count: count)
            (p, t) = select(p, t, index, count)
            p = bounds.bound(p)
            if count < L.count { (p, t) = (p.inPrefix(count, else: L.zero), t.inPrefix(count, else: L.zero)) }
            multiply(p, t, bounds, intoOdd: false)
            index &+= L.count
        }
    }

    @export(implementation) @inline(always)
    mutating func multiply<T: Storage>(
        _ tile: Tile<L.Scalar, T>, _ index: Int, _ bounds: FactorBounds<L>, intoOdd: Bool,
        _ select: (L, L, Int, Int) -> (L, L)
    ) {
        var (p, t) = tile.load(index, count: L.count)
        (p, t) = select(p, t, index, L.count)
        multiply(bounds.bound(p), t, bounds, intoOdd: intoOdd)
    }
}

/// The bounds of a probability and of its factor.
@frozen
public struct FactorBounds<L: SixteenLanes> {
    @usableFromInline let isOn: Bool
    @usableFromInline let lower: L
    @usableFromInline let upper: L
    @usableFromInline let floor: F64x16

    /// Without a formula there are no bounds.
    @export(implementation) @inline(always)
    public init(_ formula: UnsafePointer<Formula>?) {
        isOn = formula != nil
        lower = L(repeating: L.Scalar(formula?.pointee.lower ?? 0))
        upper = L(repeating: L.Scalar(formula?.pointee.upper ?? 0))
        floor = F64x16(repeating: formula?.pointee.factorFloor ?? 0)
    }

    @export(implementation) @inline(always)
    func bound(_ p: L) -> L { isOn ? p.atLeast(lower).atMost(upper) : p }

    @export(implementation) @inline(always)
    func factor(_ value: L) -> F64x16 { isOn ? value.widened.magnitude.atLeast(floor) : value.widened }
}

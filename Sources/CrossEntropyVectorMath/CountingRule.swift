// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Decides which elements count, and counts them: those that the mask lets through and whose target is not missing. There
/// are no branches for what a call does not have; see `OptionalElements`.
@frozen
public struct CountingRule<L: SixteenLanes> {
    /// The mask. Without one, other memory of the same length, which is read but has no effect.
    @usableFromInline let mask: UnsafeRawPointer
    /// Bits that every byte of the mask gets: 1 if there is no mask, else 0.
    @usableFromInline let always: vk_u8x16
    /// A target is present if its bit pattern, with some bits flipped and some cleared, is greater than the threshold as a
    /// signed integer. This is a single comparison, whether NaN or a value is missing.
    @usableFromInline let flipped: L
    @usableFromInline let kept: L
    @usableFromInline let threshold: L
    /// Whether the mask, or their targets, may exclude elements.
    public let hasMask: Bool
    public let readsTargets: Bool
    /// `L.counterStart`, less one unit in the last place for each element that counts.
    @usableFromInline var counter = L.counterStart

    @export(implementation) @inline(always)
    public init(
        _ formula: UnsafePointer<Formula>, _ mask: UnsafePointer<UInt8>?, readable: UnsafeRawPointer
    ) {
        self.mask = mask.map { UnsafeRawPointer($0) } ?? readable
        always = vk_u8x16(repeating: mask == nil ? 1 : 0)
        let (all, sign) = (L(allBits: true), L(repeating: -0.0))
        if formula.pointee.nanIsMissing {
            // With its bits inverted, the magnitude of infinity is the largest subnormal number; those of NaN are smaller.
            (flipped, kept) = (all, all ^ sign)
            threshold = L(repeating: L.Scalar.leastNormalMagnitude.nextDown.nextDown)
        } else if formula.pointee.missingValue.isNaN {
            (flipped, kept, threshold) = (L.zero, L.zero, all)
        } else {
            // The missing value, which is not 0, and only it becomes the smallest integer.
            let value = L(repeating: L.Scalar(formula.pointee.missingValue))
            (flipped, kept, threshold) = (value ^ sign, all, sign)
        }
        readsTargets = formula.pointee.hasMissing
        hasMask = mask != nil
    }

    /// Whether some elements may be excluded.
    @export(implementation) @inline(always)
    public var isNeeded: Bool { hasMask || readsTargets }

    /// The first `count` of the sixteen bytes of the mask from `index` on, followed by zeros; none is 0 without a mask.
    @export(implementation) @inline(always)
    func bytes(_ index: Int, _ count: Int) -> vk_u8x16 {
        (count == L.count ? vk_load_bytes(mask + index) : vk_load_prefix_bytes(mask + index, count)) | always
    }

    /// All bits set in lanes whose elements count; none in all others and past the end.
    ///
    /// - Parameter criteria: those that a loop for calls without the other one applies.
    @export(implementation) @inline(always)
    public func counts<M: Lanes>(
        _ targets: M, _ index: Int, _ count: Int, by criteria: CountingCriteria = .both
    ) -> M where M.Scalar.Lanes == L {
        let counts =
            switch criteria {
            case .mask: M.passing(self, index, count)
            case .targets: M.present(self, targets)
            case .both: M.passing(self, index, count) & M.present(self, targets)
            }
        return count == M.count ? counts : counts.inPrefix(count, else: M.zero)
    }

    /// The same, and adds the elements to those that have been counted.
    @export(implementation) @inline(always)
    public mutating func count<M: Lanes>(
        _ targets: M, _ index: Int, _ count: Int, by criteria: CountingCriteria = .both
    ) -> M where M.Scalar.Lanes == L {
        let counts = counts(targets, index, count, by: criteria)
        // All bits set are the integer -1.
        counter = counts.folded(into: counter) { $0.addingBits($1) }
        return counts
    }

    /// How many of `total` elements count. If some may be excluded, all of them must have been counted.
    @export(implementation) @inline(always)
    public func counted(of total: Int) -> Double {
        isNeeded ? (L.counterStart - counter).widened.sum : Double(total)
    }
}

/// What decides whether an element counts.
@frozen
public enum CountingCriteria { case mask, targets, both }

extension SixteenLanes {
    /// The middle of the numbers whose unit in the last place is 1.
    @export(implementation) @inline(always)
    static var counterStart: Self {
        Self(
            repeating: Scalar(
                sign: .plus, exponent: Scalar.Exponent(Scalar.significandBitCount), significand: 1.5))
    }
}

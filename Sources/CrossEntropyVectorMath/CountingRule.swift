// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Decides which elements count: those that the mask lets through and whose target is not missing.
@frozen
public struct CountingRule<L: Lanes> {
    @usableFromInline let mask: Elements<UInt8>?
    @usableFromInline let missing: L
    @usableFromInline let nanIsMissing: Bool
    /// Whether targets may be missing.
    public let readsTargets: Bool

    @export(implementation) @inline(always)
    public init(_ formula: UnsafePointer<Formula>, _ mask: UnsafePointer<UInt8>?) {
        self.mask = mask.map { Elements($0) }
        missing = L(repeating: L.Scalar(formula.pointee.missingValue))
        nanIsMissing = formula.pointee.nanIsMissing
        readsTargets = nanIsMissing || !formula.pointee.missingValue.isNaN
    }

    /// Whether some elements may be excluded.
    @export(implementation) @inline(always)
    public var isNeeded: Bool { mask != nil || readsTargets }

    /// 1 in lanes whose elements count, 0 in all others and past the end.
    @export(implementation) @inline(always)
    public func counts(_ target: L, _ index: Int, _ count: Int) -> L {
        var counts = count == L.count ? L.one : L.one.inPrefix(count, else: L.zero)
        if let mask { counts = mask.load(index, count: count, as: L.self).ifEqual(L.zero, L.zero, counts) }
        if nanIsMissing { counts = target.ifEqual(target, counts, L.zero) }
        return target.ifEqual(missing, L.zero, counts)
    }
}

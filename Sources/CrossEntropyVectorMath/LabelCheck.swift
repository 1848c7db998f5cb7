// SPDX-License-Identifier: Apache-2.0

/// Detects a target that is neither 0 nor 1, with three integer instructions.
@frozen
public struct LabelCheck<L: SixteenLanes> {
    /// The union of t ^ 2t over the bit patterns t of the targets. A target that is not 0 or 1 sets a bit that 1 does
    /// not set, except for -2 and -infinity, which `signs` detects.
    @usableFromInline var bits = L.zero
    /// The sign bit is set once any target has its sign bit set.
    @usableFromInline var signs = L.zero

    @export(implementation) @inline(always) public init() {}

    @export(implementation) @inline(always)
    public mutating func see<M: Lanes>(_ target: M) where M.Scalar.Lanes == L {
        bits = bits | (target ^ target.bitsDoubled).folded { $0 | $1 }
        signs = signs | target.folded { $0 | $1 }
    }

    @export(implementation) @inline(always)
    public var areLabels: Bool { Self.areOfLabels(bits | signs.signMovedToLowestBit) }

    /// Whether no bits are set except those that 0 and 1 set.
    @export(implementation) @inline(always)
    static func areOfLabels(_ bits: L) -> Bool {
        let allowed = L.one ^ L.one.bitsDoubled
        return !((bits | allowed) ^ allowed).hasBits
    }
}

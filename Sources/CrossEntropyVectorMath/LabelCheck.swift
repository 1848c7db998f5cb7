// SPDX-License-Identifier: Apache-2.0

/// Notices a target that is neither 0 nor 1, by three integer instructions.
@frozen
public struct LabelCheck<L: Lanes> {
    /// A bit other than those of 1 is set once a target is not a label: t ^ 2t of the bit patterns has no others for 0 and 1, and
    /// beside them for -2 and -infinity alone.
    @usableFromInline var bits = L.zero
    /// The sign is set once a target has one.
    @usableFromInline var signs = L.zero

    @export(implementation) @inline(always) public init() {}

    @export(implementation) @inline(always)
    public mutating func see(_ target: L) {
        bits = bits | (target ^ target.bitsDoubled)
        signs = signs | target
    }

    @export(implementation) @inline(always)
    public var areLabels: Bool { Self.areOfLabels(bits | signs.signMovedToLowestBit) }

    /// Whether no bit is set that 0 and 1 do not set.
    @export(implementation) @inline(always)
    static func areOfLabels(_ bits: L) -> Bool {
        let allowed = L.one ^ L.one.bitsDoubled
        return ((bits | allowed) ^ allowed).unionOfBits == 0
    }
}

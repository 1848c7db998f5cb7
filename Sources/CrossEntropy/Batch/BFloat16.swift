// SPDX-License-Identifier: Apache-2.0

/// A bfloat16 number: the upper half of a Float, with the same range and 8 significant bits. It is a storage type for
/// predictions and targets; arithmetic is done in Float.
@frozen
public struct BFloat16: Sendable, BitwiseCopyable, Equatable {
    public var bitPattern: UInt16

    @inlinable
    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// Rounds to the nearest bfloat16, ties to even; NaN stays NaN.
    @inlinable
    public init(_ value: Float) {
        let bits = value.bitPattern
        let rounded = bits &+ 0x7fff &+ (bits >> 16 & 1)
        bitPattern = value.isNaN ? UInt16(bits >> 16 | 0x40) : UInt16(rounded >> 16)
    }
}

extension Float {
    /// The conversion is exact.
    @inlinable
    public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}

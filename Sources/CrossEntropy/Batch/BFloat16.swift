// SPDX-License-Identifier: Apache-2.0

/// A bfloat16: the upper half of a Float, with its range and 8 significant bits. It is storage for predictions; arithmetic is
/// done in Float.
@frozen
public struct BFloat16: Sendable, BitwiseCopyable, Equatable {
    public var bitPattern: UInt16

    @inlinable
    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// The nearest bfloat16, ties to even; a NaN stays one.
    @inlinable
    public init(_ value: Float) {
        let bits = value.bitPattern
        let rounded = bits &+ 0x7fff &+ (bits >> 16 & 1)
        bitPattern = value.isNaN ? UInt16(bits >> 16 | 0x40) : UInt16(rounded >> 16)
    }
}

extension Float {
    /// Exact.
    @inlinable
    public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}

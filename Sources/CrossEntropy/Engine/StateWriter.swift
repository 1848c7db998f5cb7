// SPDX-License-Identifier: Apache-2.0

/// Appends the integers of which sums consist to a state.
///
/// An integer is written seven bits at a time, lowest first, and every byte except its last one has the highest bit set
/// (LEB128, as in DWARF and WebAssembly). Only the integer 0 may have a last byte of 0, so each integer has exactly one
/// encoding. A signed integer i is written as 2 i if it is not negative, and as -2 i - 1 if it is, so that integers
/// close to 0 take few bytes.
struct StateWriter {
    private(set) var bytes: [UInt8]

    init(after bytes: [UInt8]) { self.bytes = bytes }

    mutating func append(_ integer: UInt64) {
        var rest = integer
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// - Parameter number: at least 0.
    mutating func append(_ number: Int) { append(UInt64(number)) }

    mutating func append(_ integer: UInt128) {
        var rest = integer
        while rest > UInt64.max {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt64(rest))
    }

    mutating func append(_ integer: Int128) {
        append(UInt128(bitPattern: integer << 1 ^ integer >> 127))
    }
}

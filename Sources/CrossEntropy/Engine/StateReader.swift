// SPDX-License-Identifier: Apache-2.0

/// Reads the integers that a `StateWriter` has written.
struct StateReader: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { self.bytes = bytes }

    var bytesLeft: Int { bytes.count - position }

    mutating func next<I: FixedWidthInteger>(_ type: I.Type = I.self) throws(CrossEntropyError) -> I {
        let start = position
        let integer = try nextUInt128()
        guard let result = I(exactly: integer) else {
            throw .unreadable("byte \(start) of the sums: \(integer) is above \(I.max)")
        }
        return result
    }

    mutating func nextSigned() throws(CrossEntropyError) -> Int128 {
        let doubled = try nextUInt128()
        return Int128(bitPattern: doubled >> 1) ^ -Int128(doubled & 1)
    }

    private mutating func nextUInt128() throws(CrossEntropyError) -> UInt128 {
        var integer: UInt128 = 0
        var shift: UInt128 = 0
        while shift < 128 {
            guard position < bytes.count else { throw .unreadable("the sums end too early") }
            let byte = bytes[position]
            position += 1
            integer |= UInt128(byte & 0x7f) << shift
            if byte <= 0x7f {
                // Only two bits of a UInt128 are left for a byte that begins at bit 126.
                guard byte != 0 || shift == 0, shift < 126 || byte < 4 else { break }
                return integer
            }
            shift += 7
        }
        throw .unreadable("byte \(position - 1) of the sums does not end an integer of 128 bits")
    }
}

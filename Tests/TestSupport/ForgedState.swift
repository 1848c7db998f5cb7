// SPDX-License-Identifier: Apache-2.0

/// States that were not written by sums, but have a correct header and checksum. This code follows the description of
/// the format and does not use the library, so that each is a check of the other.
public enum ForgedState {
    /// - Parameters:
    ///   - kind: "a" for accumulators, "e" for evaluations, "g" for groups.
    ///   - sums: the bytes between the header and the checksum.
    public static func state(_ kind: Character, version: UInt8 = 1, sums: [UInt8]) -> [UInt8] {
        var state = Array("bcesum\(kind)".utf8) + [version] + lowestFirst(UInt64(16 + sums.count + 8)) + sums
        state += lowestFirst(checksum(state))
        return state
    }

    /// The bytes between the header and the checksum of a state.
    public static func sums(of state: [UInt8]) -> [UInt8] { Array(state.dropFirst(16).dropLast(8)) }

    /// The 64-bit FNV-1a hash: 14695981039346656037 is the offset basis, 2^40 + 2^8 + 0xb3 the prime.
    public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { hash, byte in
            let mixed = hash ^ UInt64(byte)
            return mixed << 40 &+ mixed << 8 &+ mixed &* 0xb3
        }
    }

    /// An integer in groups of seven bits, the lowest first.
    public static func integer(_ number: UInt128) -> [UInt8] {
        number < 128 ? [UInt8(number)] : [UInt8(number % 128) + 128] + integer(number / 128)
    }

    private static func lowestFirst(_ number: UInt64) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The layout of a state: a header, the sums, and a checksum.
///
///     bytes 0 ..< 6    "bcesum" in ASCII
///     byte 6           the type of the sums, a `StateKind`
///     byte 7           the version of the format, 1
///     bytes 8 ..< 16   n, the number of bytes of the state
///     16 ..< n - 8     the sums
///     n - 8 ..< n      the checksum of all bytes before it
///
/// The number of bytes and the checksum are 64-bit integers, lowest byte first. Zero bytes may follow the state.
enum StateFrame {
    private static let magic = Array("bcesum".utf8)
    private static let version: UInt8 = 1
    private static let (kindIndex, versionIndex, sizeIndex, headerSize) = (6, 7, 8, 16)
    private static let checksumSize = 8

    /// A complete state with the sums that `write` appends.
    static func state(_ kind: StateKind, _ write: (inout StateWriter) -> Void) -> [UInt8] {
        // The header is replaced once the size is known.
        var writer = StateWriter(after: header(kind, size: 0))
        write(&writer)
        var state = (consume writer).bytes
        state.replaceSubrange(..<headerSize, with: header(kind, size: state.count + checksumSize))
        state += bytes(checksum(state.span))
        return state
    }

    private static func header(_ kind: StateKind, size: Int) -> [UInt8] {
        magic + [kind.rawValue, version] + bytes(UInt64(size))
    }

    /// Checks a state, and returns the bytes of its sums.
    @_lifetime(copy state)
    static func sums(of state: Span<UInt8>, _ kind: StateKind) throws(CrossEntropyError) -> Span<UInt8> {
        let end = try size(of: state, kind)
        for index in end..<state.count where state[index] != 0 {
            throw .unreadable("byte \(index), after its end, is \(state[index]), expected 0")
        }
        let endOfSums = end - checksumSize
        guard checksum(state.extracting(..<endOfSums)) == integer(state.extracting(endOfSums..<end)) else {
            throw .unreadable("its checksum does not match")
        }
        return state.extracting(headerSize..<endOfSums)
    }

    /// Checks the header, and returns the size of the state.
    private static func size(of state: Span<UInt8>, _ kind: StateKind) throws(CrossEntropyError) -> Int {
        let least = headerSize + checksumSize
        guard state.count >= least else {
            throw .unreadable("\(state.count) bytes, fewer than the \(least) of the smallest state")
        }
        for (index, expected) in header(kind, size: 0).prefix(sizeIndex).enumerated()
        where state[index] != expected {
            if index == kindIndex, let other = StateKind(rawValue: state[index]) {
                throw .unreadable("that of a \(other.title), expected a \(kind.title)")
            }
            let name = index == versionIndex ? "format version" : "byte \(index)"
            throw .unreadable("\(name) is \(state[index]), expected \(expected)")
        }
        let size = integer(state.extracting(sizeIndex..<headerSize))
        guard size >= least, size <= state.count else {
            throw .unreadable("\(state.count) bytes of a state that has \(size)")
        }
        return Int(size)
    }

    /// The 64-bit FNV-1a hash (Fowler, Noll and Vo). Each step is a bijection of the hash, so a change of a single byte
    /// always changes the result.
    private static func checksum(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return hash
    }

    private static func bytes(_ integer: UInt64) -> [UInt8] {
        stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: integer >> UInt64($0)) }
    }

    private static func integer(_ bytes: Span<UInt8>) -> UInt64 {
        bytes.indices.reduce(0) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import TestSupport

/// Two sums in one input of the fuzzer. Each of them may be rejected.
///
/// Two encodings are separated by a newline. Two states begin with the letter of their type and the size of the first
/// state's sums in two bytes, followed by the sums of both. The header and the checksum are added here, because
/// mutations would not find a correct checksum.
enum FuzzInput {
    static func encodings(_ a: some FuzzedSums, _ b: some FuzzedSums) throws -> Data {
        try JSONEncoder().encode(a) + Data("\n".utf8) + JSONEncoder().encode(b)
    }

    static func states<S: FuzzedSums>(_ a: S, _ b: S) -> Data {
        let (first, second) = (ForgedState.sums(of: a.serialized()), ForgedState.sums(of: b.serialized()))
        let header = Array("\(S.kind)".utf8) + [UInt8(first.count % 256), UInt8(first.count / 256)]
        return Data(header + first + second)
    }

    static func run<S: FuzzedSums>(_ input: [UInt8], as type: S.Type) {
        let parts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        S.check(parts.compactMap { try? JSONDecoder().decode(S.self, from: Data($0)) })
        // Most inputs do not have a header.
        _ = try? S(serialized: input.span)
        guard input.count >= 3, Character(Unicode.Scalar(input[0])) == S.kind else { return }
        let (first, rest) = (Int(input[1]) + 256 * Int(input[2]), input.dropFirst(3))
        S.check([rest.prefix(first), rest.dropFirst(first)].compactMap { read(Array($0)) })
    }

    private static func read<S: FuzzedSums>(_ bytes: [UInt8]) -> S? {
        let state = ForgedState.state(S.kind, sums: bytes)
        guard let sums = try? S(serialized: state.span) else { return nil }
        precondition(sums.serialized() == state, "what was read is not what would be written")
        return sums
    }
}

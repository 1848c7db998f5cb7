// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// Sums that have been read from bytes that could come from another machine.
protocol FuzzedSums: MergeableSums, Codable {
    /// The letter of the type in a state.
    static var kind: Character { get }

    /// Reads all results.
    func use()
}

extension FuzzedSums {
    /// Sums that have been accepted must be safe to use, give the same bits when merged in either order, and survive
    /// encoding and decoding in both forms.
    static func check(_ accepted: [Self]) {
        for sums in accepted { sums.check() }
        guard accepted.count == 2 else { return }
        let (a, b) = (accepted[0].merged(accepted[1]), accepted[1].merged(accepted[0]))
        precondition((a == nil) == (b == nil), "merging is refused in one order alone")
        guard let a, let b else { return }
        precondition(a == b, "merging depends on the order")
        precondition(a.serialized() == b.serialized(), "equal sums have different states")
        a.check()
    }

    /// Returns nil if merging is refused.
    private func merged(_ other: Self) -> Self? {
        var total = self
        do { try total.merge(other) } catch { return nil }
        return total
    }

    private func check() {
        use()
        guard let encoded = try? JSONEncoder().encode(self),
            let decoded = try? JSONDecoder().decode(Self.self, from: encoded)
        else { preconditionFailure("what was accepted cannot be encoded and decoded") }
        precondition(decoded == self, "other sums come back from an encoding")
        guard let read = try? Self(serialized: serialized().span) else {
            preconditionFailure("what was accepted cannot be serialized and read")
        }
        precondition(read == self, "other sums come back from a state")
        precondition(read.serialized() == decoded.serialized(), "equal sums have different states")
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// The same for losses by group: any that are accepted must be safe to read, and survive merging, encoding and decoding.
enum GroupsFuzz {
    static func seed(_ logits: [Double], weighted: Bool) throws -> Data {
        var groups = GroupedLosses(groupCount: 3)
        try BinaryCrossEntropy.exact.add(
            ArrayBatch(
                logits: logits, targets: logits.map { $0 > 0 ? 0 : 0.75 },
                weights: weighted ? logits.map { abs($0) } : nil),
            groups: logits.indices.map { $0 % 2 }, to: &groups)
        return try JSONEncoder().encode(groups)
    }

    static func run(_ parts: [Data]) {
        let decoded = parts.compactMap { try? JSONDecoder().decode(GroupedLosses.self, from: $0) }
        for groups in decoded { check(groups) }
        guard decoded.count == 2 else { return }
        var (total, reverse) = (decoded[0], decoded[1])
        do { try total.merge(decoded[1]) } catch { return }
        do { try reverse.merge(decoded[0]) } catch {
            preconditionFailure("merging is refused in one order alone")
        }
        precondition(total == reverse, "merging depends on the order")
        check(total)
    }

    private static func check(_ groups: GroupedLosses) {
        for group in 0..<groups.groupCount {
            let loss = groups[group]
            precondition(loss.count >= 0 && loss.count <= groups.count, "count is \(loss.count)")
            _ = (loss.mean, loss.standardError(.mean), loss.standardError(.weightedMean), loss.targetSum)
        }
        guard let encoded = try? JSONEncoder().encode(groups),
            let decoded = try? JSONDecoder().decode(GroupedLosses.self, from: encoded)
        else { preconditionFailure("what was decoded cannot be encoded and decoded again") }
        precondition(decoded == groups, "other groups come back from their encoding")
    }
}

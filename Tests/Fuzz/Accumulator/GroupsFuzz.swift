// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

extension GroupedLosses: FuzzedSums {
    static var kind: Character { "g" }

    static func seed(_ logits: [Double], weighted: Bool) throws -> GroupedLosses {
        var groups = GroupedLosses(groupCount: 3)
        try BinaryCrossEntropy.exact.add(
            ArrayBatch(
                logits: logits, targets: logits.map { $0 > 0 ? 0 : 0.75 },
                weights: weighted ? logits.map { abs($0) } : nil),
            groups: logits.indices.map { $0 % 2 }, to: &groups)
        return groups
    }

    func use() {
        for group in 0..<groupCount {
            let loss = self[group]
            precondition(loss.count >= 0 && loss.count <= count, "count is \(loss.count)")
            _ = (loss.mean, loss.standardError(.mean), loss.standardError(.weightedMean), loss.targetSum)
        }
    }
}

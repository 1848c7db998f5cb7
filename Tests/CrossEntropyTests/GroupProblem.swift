// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// Rows with their groups, and the sums of each group in the precision of `Reference`, from the losses of single
/// elements.
struct GroupProblem {
    let groupCount: Int
    let seed: UInt64
    var logits: [Float] = []
    var targets: [Float] = []
    var weights: [Float] = []
    var mask: [Bool] = []
    var groups: [Int32] = []

    /// One target in nine is NaN. Logits are such that losses differ by ten orders of magnitude.
    init(count: Int, groupCount: Int, seed: UInt64) {
        (self.groupCount, self.seed) = (groupCount, seed)
        var generator = SplitMix64(seed: seed)
        for _ in 0..<count {
            logits.append(Float(generator.normal() * 8))
            targets.append(generator.chance(oneIn: 9) ? .nan : generator.chance(oneIn: 2) ? 1 : 0.25)
            weights.append(Float(generator.number(in: -0.5...3)))
            mask.append(!generator.chance(oneIn: 5))
            groups.append(Int32(generator.below(groupCount)))
        }
    }

    var options: BinaryCrossEntropy { get throws { try BinaryCrossEntropy.exact.with(missingTargets: .nan) } }

    func arrays(weighted: Bool = true, _ indices: [Int]? = nil) -> ArrayBatch<Float, Float> {
        let indices = indices ?? Array(logits.indices)
        return ArrayBatch(
            logits: indices.map { logits[$0] }, targets: indices.map { targets[$0] },
            weights: weighted ? indices.map { weights[$0] } : nil, mask: indices.map { mask[$0] })
    }

    /// The elements that count and belong to a group.
    func elements(of group: Int) -> [Int] {
        groups.indices.filter { groups[$0] == Int32(group) && mask[$0] && !targets[$0].isNaN }
    }
}

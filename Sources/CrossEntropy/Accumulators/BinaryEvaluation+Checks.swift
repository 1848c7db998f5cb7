// SPDX-License-Identifier: Apache-2.0

/// The checks that are made when an evaluation is read.
extension BinaryEvaluation {
    /// Why an evaluation cannot have this number of bins; nil if it can.
    static func problem(binCount: Int) -> String? {
        binCounts.contains(binCount) ? nil : "binCount: \(binCount) is not from 1 to 1000"
    }

    /// The name of the first value that is inconsistent with the losses, and the reason; nil if all are consistent.
    var problem: String? {
        guard losses.keepsReport else { return "losses: no report is kept" }
        for (name, isPossible) in [
            ("byLogit", scores.byLogit.isPossible(forElements: count)),
            ("byProbability", scores.byProbability.isPossible(forElements: count)),
            ("squaredError", scores.squaredError.isSum(ofTerms: count)),
        ] where !isPossible {
            return "\(name): not the sums of \(count) elements"
        }
        return nil
    }
}

extension ScoreHistogram {
    /// Whether the groups have `count` elements in total, and the sums of each group are possible for its own count.
    fileprivate func isPossible(forElements count: Int) -> Bool {
        var rest = count
        for (index, group) in groups.enumerated() {
            let sums = labels[places(ofGroup: index)] + [group.squaredWeight, group.prediction]
            guard (0...rest).contains(group.count), sums.allSatisfy({ $0.isSum(ofTerms: group.count) }) else {
                return false
            }
            rest -= group.count
        }
        return rest == 0
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What is checked of an evaluation that has been read.
extension BinaryEvaluation {
    /// Nil if an evaluation can have this number of bins.
    static func problem(binCount: Int) -> String? {
        binCounts.contains(binCount) ? nil : "binCount: \(binCount) is not from 1 to 1000"
    }

    /// The name of the first value that does not fit the losses, and why; nil if all do.
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
    /// Whether all groups together have this many elements, and each has sums that are possible for its own number.
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

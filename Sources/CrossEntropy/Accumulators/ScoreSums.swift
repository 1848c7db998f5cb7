// SPDX-License-Identifier: Apache-2.0

internal import enum CrossEntropyVectorMath.LogitBins

/// What a `BinaryEvaluation` keeps in addition to the sums of losses.
struct ScoreSums: Sendable, Equatable {
    var byLogit: ScoreHistogram
    var byProbability: ScoreHistogram
    /// The sum of w (p - t)^2.
    var squaredError = ReproducibleSum()

    init(binCount: Int) {
        byLogit = ScoreHistogram(bins: LogitBins.count, groupBins: LogitBins.groupBins)
        byProbability = ScoreHistogram(bins: binCount, groupBins: 1)
    }

    var binCount: Int { byProbability.groups.count }

    mutating func add(_ slab: borrowing ScoreSlab) {
        byLogit.add(slab.byLogit)
        byProbability.add(slab.byProbability)
        squaredError.add(slab.squaredError)
    }

    mutating func merge(_ other: ScoreSums) {
        byLogit.merge(other.byLogit)
        byProbability.merge(other.byProbability)
        squaredError.add(other.squaredError)
    }

    var total: ScoreTotal { byProbability.total(0..<binCount) }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

internal import enum CrossEntropyVectorMath.LogitBins

/// The histograms of up to `ScoreSlab.tiles` tiles, filled by one thread.
///
/// Sums are Doubles. Elements without weights are divided into four sums per group of bins, each of at most 2^16 terms,
/// so that the relative error of their total is below 2^16 x 2^-53 = 7e-12; sums of Float predictions are exact if all
/// of the predictions of a group are within a factor of 2^13. With weights, it is below 2^18 x 2^-53 = 3e-11.
@safe
struct ScoreSlab: ~Copyable {
    /// 2^18 Floats or 2^17 Doubles: filling the histograms takes at least ten times as long as merging them.
    static let tiles = 32

    let byLogit, byProbability: ScorePlaces
    /// The sum of w (p - t)^2.
    private(set) var squaredError = 0.0
    private let memory: UnsafeMutablePointer<Double>

    init(binCount: Int) {
        // The bins of logits are so many that elements with different predictions rarely meet in one.
        let logits = ScorePlaces.size(
            bins: LogitBins.count, groupBins: LogitBins.groupBins, labelCopies: 1)
        let size =
            logits + ScorePlaces.size(bins: binCount, groupBins: 1, labelCopies: ScorePlaces.mostCopies)
        unsafe memory = .allocate(capacity: size)
        unsafe memory.initialize(repeating: 0, count: size)
        unsafe byLogit = ScorePlaces(
            memory, bins: LogitBins.count, groupBins: LogitBins.groupBins, labelCopies: 1)
        unsafe byProbability = ScorePlaces(
            memory + logits, bins: binCount, groupBins: 1, labelCopies: ScorePlaces.mostCopies)
    }

    deinit { unsafe memory.deallocate() }

    mutating func add(_ slice: BatchSlice, _ formula: Formula, _ level: KernelLevel) {
        squaredError += slice.addScores(
            byLogit: byLogit, byProbability: byProbability, formula, level)
    }
}

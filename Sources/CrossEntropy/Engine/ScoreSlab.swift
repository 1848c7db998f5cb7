// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

internal import enum CrossEntropyVectorMath.LogitBins

/// The histograms of up to `ScoreSlab.tiles` tiles, filled by one thread.
///
/// Sums are Doubles with at most 2^18 terms, so the relative error of a sum of numbers of one sign is below
/// 2^18 x 2^-53, which is 3e-11. Without weights, sums of Float probabilities within a factor of 2^11 are exact.
@safe
struct ScoreSlab: ~Copyable {
    /// 2^18 Floats or 2^17 Doubles: filling the histograms takes at least ten times as long as merging them.
    static let tiles = 32

    let byLogit, byProbability: ScorePlaces
    /// The sum of w (p - t)^2.
    private(set) var squaredError = 0.0
    private let memory: UnsafeMutablePointer<Double>

    init(binCount: Int) {
        // There are so many bins of logits that consecutive elements are rarely in the same one.
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

    mutating func add(_ slice: BatchSlice, _ formula: UnsafePointer<Formula>, _ level: KernelLevel) {
        unsafe squaredError += slice.addScores(
            byLogit: byLogit, byProbability: byProbability, formula, level)
    }
}

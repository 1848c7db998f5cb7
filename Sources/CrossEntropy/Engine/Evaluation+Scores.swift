// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension Evaluation {
    /// Adds the predictions of all elements to the bins of `scores`.
    func addScores(to scores: inout ScoreSums) {
        let lock = Locked(())
        schedule.runSlabs(ofTiles: ScoreSlab.tiles, threads: threads) { tiles in
            var slab = ScoreSlab(binCount: scores.binCount)
            for tile in tiles {
                forEachSlice(schedule.range(tile)) { unsafe slab.add($0, formula, level) }
            }
            lock.withLock { _ in scores.add(slab) }
        }
    }
}

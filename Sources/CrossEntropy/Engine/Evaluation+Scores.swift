// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels
import Synchronization

extension Evaluation {
    /// Adds the predictions of all elements to the bins of `scores`.
    func addScores(to scores: inout ScoreSums) {
        let lock = Mutex(())
        forEachSlab { tiles in
            var slab = ScoreSlab(binCount: scores.binCount)
            for tile in tiles {
                forEachSlice(schedule.range(tile)) { slab.add($0, formula, level) }
            }
            lock.withLock { _ in scores.add(slab) }
        }
    }

    /// Calls `body` with the tiles of each slab, on several threads and in any order.
    private func forEachSlab(_ body: (Range<Int>) -> Void) {
        let slabs = (schedule.tiles + ScoreSlab.tiles - 1) / ScoreSlab.tiles
        Schedule.run(pieces: slabs, threads: min(threads, slabs)) { slab in
            let first = slab * ScoreSlab.tiles
            body(first..<min(schedule.tiles, first + ScoreSlab.tiles))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Sums whose bits do not depend on the order and grouping in which elements are added.
protocol MergeableSums: Sendable {
    init()
    mutating func add(_ other: Self)
}

extension Schedule {
    /// Calls `body` once for every tile, with sums that no other thread uses at the same time, and adds all these sums
    /// to `total`. One of the threads adds to `total` itself, and the others to sums that `empty` returns.
    func accumulate<Sums: MergeableSums>(
        into total: inout Sums, threads: Int, empty: () -> Sums, _ body: (Range<Int>, inout Sums) -> Void
    ) {
        guard threads > 1 else {
            for index in 0..<tiles { body(range(index), &total) }
            return
        }
        var all = [Sums()]
        // Moved rather than copied: the first change to a copy of a large table would copy all of it.
        swap(&all[0], &total)
        let idle = Mutex(all)
        all = []
        run(threads: threads) { index in
            var sums = idle.withLock { $0.popLast() } ?? empty()
            body(range(index), &sums)
            idle.withLock { [sums] in $0.append(sums) }
        }
        idle.withLock { swap(&all, &$0) }
        total = all.removeFirst()
        for sums in all { total.add(sums) }
    }
}

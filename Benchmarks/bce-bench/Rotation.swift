// SPDX-License-Identifier: Apache-2.0

/// The data of a table, in as many copies as make "in memory" true: each call takes the next, so that what it reads was
/// evicted by the others since it read it last.
final class Rotation<S: BenchScalar> {
    private let sets: [Buffers<S>]
    private var index = 0

    /// - Parameter sets: nil for as many as are needed. Below 2^22 elements that is one: those sizes are to be in cache.
    init(_ operation: Operation<S>, count: Int, sets: Int? = nil) {
        let needed = Self.fillingCaches(Double(Machine.lastLevelCache) * 4, operation.bytes * Double(count))
        self.sets = (0..<(sets ?? (count > 1 << 22 ? needed : 1))).map { _ in Buffers(operation, count: count)
        }
    }

    /// Copies that are four times as large as the caches together, where one alone is not.
    private static func fillingCaches(_ caches: Double, _ bytes: Double) -> Int {
        Int((caches / bytes).rounded(.up))
    }

    func next() -> Buffers<S> {
        index = (index + 1) % sets.count
        return sets[index]
    }

    func clear() { sets.forEach { $0.clear() } }

    /// What `next` returned last.
    var current: Buffers<S> { sets[index] }
}

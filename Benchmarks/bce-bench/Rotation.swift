// SPDX-License-Identifier: Apache-2.0

/// The data of a table, in enough copies that "in memory" is true: each call takes the next copy, so that the data it
/// reads has been evicted by the other copies since it was last read.
final class Rotation<S: BenchScalar> {
    private let sets: [Buffers<S>]
    private var index = 0

    /// - Parameter sets: the number of copies, or nil for as many as are needed. Up to 2^22 elements that is one,
    ///   because data of those sizes should stay in cache.
    init(_ operation: Operation<S>, count: Int, sets: Int? = nil) {
        let needed = Self.fillingCaches(Double(Machine.lastLevelCache) * 4, operation.bytes * Double(count))
        self.sets = (0..<(sets ?? (count > 1 << 22 ? needed : 1))).map { _ in Buffers(operation, count: count)
        }
    }

    /// The number of copies that are together four times as large as the caches, if one copy alone is not.
    private static func fillingCaches(_ caches: Double, _ bytes: Double) -> Int {
        Int((caches / bytes).rounded(.up))
    }

    func next() -> Buffers<S> {
        index = (index + 1) % sets.count
        return sets[index]
    }

    func clear() { sets.forEach { $0.clear() } }

    /// The copy that `next` returned last.
    var current: Buffers<S> { sets[index] }
}

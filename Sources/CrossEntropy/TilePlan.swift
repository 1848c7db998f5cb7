import Dispatch
import Foundation
internal import KernelLevels
import Synchronization

/// How a call is cut into tiles, and run: a function of the count and the element type alone, so that neither threads
/// nor machines change the answer.
struct TilePlan {
    let count: Int
    let tile: Int

    init(count: Int, result: ElementStorage) {
        self.count = count
        tile = Self.tile(result)
    }

    /// 32 KiB of predictions: 8,192 Floats or 4,096 Doubles. The longest tile for which a lane of the product of
    /// logits' factors, each at most 2, stays below 2^1024 in a chain of its own: 2^(8,192 / 16) for Float.
    static func tile(_ result: ElementStorage) -> Int { result == .float ? 8192 : 4096 }

    var tiles: Int { (count + tile - 1) / tile }

    func range(_ index: Int) -> Range<Int> { index * tile..<min(count, (index + 1) * tile) }

    /// The sum over all tiles of what `body` returns for one.
    func sum(threads: Int, _ body: (Range<Int>) -> Double) -> ExactSum {
        var total = ExactSum()
        if threads == 1 {
            for index in 0..<tiles { total.add(body(range(index))) }
            return total
        }
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: tiles) { partial in
            run(threads: threads) { index in unsafe partial[index] = body(range(index)) }
            for index in 0..<tiles { unsafe total.add(partial[index]) }
        }
        return total
    }

    /// Runs `body` for every tile, each once, in any order.
    func run(threads: Int, _ body: (Int) -> Void) { Self.run(pieces: tiles, threads: threads, body) }

    /// Runs `body` for 0 to `pieces` - 1, each once, in any order.
    static func run(pieces: Int, threads: Int, _ body: (Int) -> Void) {
        guard threads > 1 else {
            for index in 0..<pieces { body(index) }
            return
        }
        let next = Atomic(0)
        // Threads take eight pieces at a time until none is left: a core that is disturbed takes fewer.
        let stride = 8
        withoutActuallyEscaping(body) { body in
            // Each piece writes to places of its own, and reads what nobody writes.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                while true {
                    let first = next.add(stride, ordering: .relaxed).oldValue
                    guard first < pieces else { return }
                    for index in first..<min(pieces, first + stride) { unsafe body(index) }
                }
            }
        }
    }
}

extension ThreadPolicy {
    /// Elements a thread must have to be worth waking, about 25 microseconds of the fastest kernel.
    static let breakEven = 1 << 18

    /// Asking the system costs an allocation, so it is asked once.
    private static let cores = ProcessInfo.processInfo.activeProcessorCount

    func threads(count: Int) -> Int {
        let useful = count / Self.breakEven
        guard useful > 1 else { return 1 }
        return switch self {
        case .serial: 1
        case .automatic: min(useful, Self.cores)
        case .atMost(let limit): min(useful, limit)
        }
    }
}

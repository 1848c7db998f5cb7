// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

internal import enum CrossEntropyVectorMath.Tuning

/// How a call is cut into tiles, and run: a function of the count and the element type alone, so that neither threads
/// nor machines change the answer.
package struct Schedule {
    let count: Int
    let tile: Int

    init(count: Int, result: DType) {
        self.count = count
        tile = Self.tile(result)
    }

    static func tile(_ result: DType) -> Int { Tuning.tileBytes / result.bytes(1) }

    var tiles: Int { (count + tile - 1) / tile }

    func range(_ index: Int) -> Range<Int> { index * tile..<min(count, (index + 1) * tile) }

    /// The sums over all tiles of what `body` returns for one.
    func sum(threads: Int, _ body: (Range<Int>) -> SliceSums) -> BatchSums {
        var total = BatchSums()
        if threads == 1 {
            for index in 0..<tiles { total.add(body(range(index))) }
            return total
        }
        unsafe withUnsafeTemporaryAllocation(of: SliceSums.self, capacity: tiles) { partial in
            run(threads: threads) { index in
                unsafe partial.initializeElement(at: index, to: body(range(index)))
            }
            for index in 0..<tiles { unsafe total.add(partial[index]) }
        }
        return total
    }

    /// Runs `body` for every tile, each once, in any order.
    func run(threads: Int, _ body: (Int) -> Void) { Self.run(pieces: tiles, threads: threads, body) }

    /// Runs `body` for 0 to `pieces` - 1, each once, in any order.
    package static func run(pieces: Int, threads: Int, _ body: (Int) -> Void) {
        guard threads > 1 else {
            for index in 0..<pieces { body(index) }
            return
        }
        // Each piece writes to places of its own, and reads what nobody writes.
        WorkerPool.shared.run(pieces: pieces, threads: threads, body)
    }
}

/// Consecutive tiles that have sums of their own, shared out by their number alone: added up in order, these are the same
/// bits for any number of threads.
package struct Pieces {
    private let tiles: Int
    private let tilesInPiece: Int

    /// - Parameter most: pieces, of which none is empty.
    package init(tiles: Int, most: Int) {
        self.tiles = tiles
        tilesInPiece = max(1, (tiles + most - 1) / most)
    }

    package var count: Int { (tiles + tilesInPiece - 1) / tilesInPiece }

    package func tiles(of piece: Int) -> Range<Int> {
        piece * tilesInPiece..<min(tiles, (piece + 1) * tilesInPiece)
    }
}

extension BinaryCrossEntropy.ThreadPolicy {
    /// Elements that a thread must have to be worth asking for help: about 25 microseconds of the fastest kernel.
    private static var elementsForThread: Int { 1 << 18 }

    package func threads(count: Int) -> Int {
        let useful = count / Self.elementsForThread
        guard useful > 1 else { return 1 }
        return switch self {
        case .serial: 1
        case .automatic: min(useful, Cores.available)
        case .atMost(let limit): min(useful, limit)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

internal import enum CrossEntropyVectorMath.Tuning

/// How a call is divided into tiles and run. The division depends only on the count and the element type, so results do
/// not depend on the number of threads or on the machine.
package struct Schedule {
    let count: Int
    let tile: Int

    init(count: Int, result: DType) {
        self.count = count
        tile = Self.tile(result)
    }

    package static func tile(_ result: DType) -> Int { result.elements(in: Tuning.tileBytes) }

    /// The number of tiles that a thread takes at a time. At 2^20 logits, two threads were 1.6 times as fast as one
    /// with 8 tiles and 1.8 times with 2, because all threads wait for the last one to finish (Zen 5 EPYC).
    static let tilesAtATime = 2

    var tiles: Int { (count + tile - 1) >> tile.trailingZeroBitCount }

    func range(_ index: Int) -> Range<Int> { range(index..<index + 1) }

    /// The elements of consecutive tiles.
    func range(_ tiles: Range<Int>) -> Range<Int> {
        tiles.lowerBound * tile..<min(count, tiles.upperBound * tile)
    }

    /// The sums over all tiles of what `body` returns for each tile.
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

    /// Runs `body` once for every tile, in any order.
    func run(threads: Int, _ body: (Int) -> Void) {
        runSlabs(ofTiles: Self.tilesAtATime, threads: threads, areShort: true) {
            for tile in $0 { body(tile) }
        }
    }

    /// Runs `body` with the tiles of each slab of `size` consecutive tiles, in any order.
    func runSlabs(ofTiles size: Int, threads: Int, areShort: Bool = false, _ body: (Range<Int>) -> Void) {
        let slabs = (tiles + size - 1) / size
        Self.run(pieces: slabs, threads: min(threads, slabs), areShort: areShort) { slab in
            body(slab * size..<min(tiles, (slab + 1) * size))
        }
    }

    /// Runs `body` once for each of 0 to `pieces` - 1, in any order; see `WorkerPool.run`.
    package static func run(pieces: Int, threads: Int, areShort: Bool = false, _ body: (Int) -> Void) {
        guard threads > 1 else {
            for index in 0..<pieces { body(index) }
            return
        }
        // Each piece writes only to its own memory, or holds a lock, and reads only memory that no other piece writes.
        WorkerPool.shared.run(pieces: pieces, threads: threads, areShort: areShort, body)
    }
}

/// Divides tiles into pieces of consecutive tiles, each of which has its own sums. The division depends only on the
/// number of tiles, so sums that are added in order are bitwise identical for any number of threads.
package struct Pieces {
    private let tiles: Int
    private let tilesInPiece: Int

    /// - Parameter most: the maximum number of pieces. No piece is empty.
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
    /// The minimum number of elements per thread for which a helper that is awake is worthwhile. On two threads, 2^16
    /// elements are 1.4 (gradient of probabilities) to 1.6 times as fast as on one, and half as many 1.1 to 1.5 times
    /// (Zen 4 EPYC).
    private static var elementsForThread: Int { 1 << 15 }

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

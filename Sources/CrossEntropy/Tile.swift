// SPDX-License-Identifier: Apache-2.0

internal import KernelLevels

/// Consecutive elements of a call, ready for the kernels.
struct Tile {
    let range: Range<Int>
    var kernels: LossTile
}

extension Evaluation {
    /// Calls `body` with the tile of elements `range`, or with smaller ones where rows have gaps between them or weights
    /// of their columns, or something must be spread over the elements first.
    func forEachTile(_ range: Range<Int>, _ body: (inout Tile) -> Void) {
        guard batch.hasGaps || batch.hasWeightsOfLongRows else {
            return forEachTileWithoutGaps(range, body)
        }
        var start = range.lowerBound
        while start < range.upperBound {
            let endOfRow = (start / batch.columns + 1) * batch.columns
            let part = start..<min(range.upperBound, endOfRow)
            forEachTileWithoutGaps(part, body)
            start = part.upperBound
        }
    }

    /// The sum of what `body` returns for each of these tiles.
    func sumTiles(_ range: Range<Int>, _ body: (inout Tile) -> ScaledDouble) -> ScaledDouble {
        // A tile of one element for each row of a column with gaps: thousands of roundings.
        var sum = CompensatedSum()
        forEachTile(range) { sum.add(body(&$0)) }
        return sum.value
    }

    private func forEachTileWithoutGaps(_ range: Range<Int>, _ body: (inout Tile) -> Void) {
        if !batch.isBroadcast || batch.hasWeightsOfLongRows, range.lowerBound % 8 == 0 || !hasBits {
            var whole = Tile(range: range, kernels: tile(range))
            return body(&whole)
        }
        unsafe Stage.withStage { stage in
            var start = range.lowerBound
            while start < range.upperBound {
                let block = start..<min(range.upperBound, start + Stage.size)
                var part = unsafe Tile(range: block, kernels: stage.tile(batch, block))
                body(&part)
                start = block.upperBound
            }
        }
    }

    /// Bits begin at a byte; a row of another length does not.
    var hasBits: Bool {
        batch.targetStorage == .bit || batch.mask?.storage == .bit
    }
}

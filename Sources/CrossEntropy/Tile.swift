internal import KernelLevels

/// Consecutive elements of a call, ready for the kernels.
struct Tile {
    let range: Range<Int>
    var kernels: LossTile
}

extension Evaluation {
    /// Calls `body` with the tile of elements `range`, or with smaller ones where rows have gaps between them or weights
    /// of their columns, or something must be spread over the elements first; returns the sum of what it returns.
    func forEachTile(_ range: Range<Int>, _ body: (inout Tile) -> Double) -> Double {
        guard batch.hasGaps || batch.hasWeightsOfLongRows else {
            return forEachTileWithoutGaps(range, body)
        }
        var sum = 0.0
        var start = range.lowerBound
        while start < range.upperBound {
            let endOfRow = (start / batch.columns + 1) * batch.columns
            let part = start..<min(range.upperBound, endOfRow)
            sum += forEachTileWithoutGaps(part, body)
            start = part.upperBound
        }
        return sum
    }

    private func forEachTileWithoutGaps(
        _ range: Range<Int>, _ body: (inout Tile) -> Double
    ) -> Double {
        if !batch.isBroadcast || batch.hasWeightsOfLongRows, range.lowerBound % 8 == 0 || !hasBits {
            var whole = Tile(range: range, kernels: tile(range))
            return body(&whole)
        }
        var stage = Stage()
        var sum = 0.0
        var start = range.lowerBound
        while start < range.upperBound {
            let block = start..<min(range.upperBound, start + Stage.size)
            sum += unsafe stage.withColumns(batch, block) { columns in
                var part = unsafe Tile(
                    range: block,
                    kernels: LossTile(
                        predictions: batch.predictions(from: start),
                        targets: columns.targets ?? batch.targets(from: start),
                        weights: columns.weights ?? batch.weights?.from(start),
                        positiveWeights: columns.positiveWeights,
                        mask: columns.mask ?? batch.mask?.from(start), count: block.count))
                return body(&part)
            }
            start = block.upperBound
        }
        return sum
    }

    /// Bits begin at a byte; a row of another length does not.
    var hasBits: Bool {
        batch.targetStorage == .bit || batch.mask?.storage == .bit
    }
}

/// What is spread over a block of elements before its kernel runs: weights of rows and columns, and bits that do not
/// begin at a byte. 18 KB on the stack, so that it stays in the first cache and nothing is allocated.
struct Stage {
    static let size = 1024

    private var weights = InlineArray<1024, Double>(repeating: 1)
    private var positiveWeights = InlineArray<1024, Double>(repeating: 1)
    private var targets = InlineArray<1024, UInt8>(repeating: 0)
    private var mask = InlineArray<1024, UInt8>(repeating: 0)

    @unsafe
    struct Columns {
        var weights: ElementColumn?
        var positiveWeights: ElementColumn?
        var targets: ElementColumn?
        var mask: ElementColumn?
    }

    /// Calls `body` with what is spread over elements `block`; nil stands for what lies ready in the batch.
    mutating func withColumns(
        _ batch: BatchMemory, _ block: Range<Int>, _ body: (Columns) -> Double
    ) -> Double {
        let hasWeights = batch.rowWeights != nil || batch.columnWeights != nil
        if hasWeights {
            for index in 0..<block.count {
                weights[index] = batch.weights?.number(block.lowerBound + index) ?? 1
            }
            Self.multiply(&weights, batch.rowWeights, block) { $0 / batch.columns }
            Self.multiply(&weights, batch.columnWeights, block) { $0 % batch.columns }
        }
        let hasPositive = batch.positiveColumnWeights != nil
        if hasPositive {
            for index in 0..<block.count { positiveWeights[index] = 1 }
            Self.multiply(&positiveWeights, batch.positiveColumnWeights, block) {
                $0 % batch.columns
            }
        }
        let spreadTargets = Self.spread(batch.targets(from: 0), block, &targets)
        let spreadMask = Self.spread(batch.mask, block, &mask)
        return unsafe withUnsafePointer(to: self) { stage in
            let base = unsafe UnsafeRawPointer(stage)
            func column(_ isUsed: Bool, _ key: PartialKeyPath<Stage>, _ storage: ElementStorage)
                -> ElementColumn?
            {
                isUsed ? unsafe ElementColumn(base + MemoryLayout<Stage>.offset(of: key)!, storage) : nil
            }
            return unsafe body(
                Columns(
                    weights: column(hasWeights, \Stage.weights, .double),
                    positiveWeights: column(hasPositive, \Stage.positiveWeights, .double),
                    targets: column(spreadTargets, \Stage.targets, .byte),
                    mask: column(spreadMask, \Stage.mask, .byte)))
        }
    }

    private static func multiply(
        _ weights: inout InlineArray<1024, Double>, _ factors: ElementColumn?, _ block: Range<Int>,
        _ place: (Int) -> Int
    ) {
        guard let factors = factors else { return }
        for index in 0..<block.count {
            weights[index] *= factors.number(place(block.lowerBound + index))
        }
    }

    /// Whether the elements are bits that begin inside a byte; then they are spread to bytes.
    private static func spread(
        _ memory: ElementColumn?, _ block: Range<Int>, _ bytes: inout InlineArray<1024, UInt8>
    ) -> Bool {
        guard let memory = memory, memory.storage == .bit, block.lowerBound % 8 != 0
        else { return false }
        for index in 0..<block.count { bytes[index] = memory.bit(block.lowerBound + index) }
        return true
    }
}

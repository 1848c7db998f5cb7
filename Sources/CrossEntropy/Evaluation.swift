// SPDX-License-Identifier: Apache-2.0

package import KernelLevels

/// One call: options and arguments, and how they are cut into tiles for the kernels.
@safe
struct Evaluation {
    let reduction: BinaryCrossEntropy.Reduction
    var batch: BatchMemory
    let level: KernelLevel
    let plan: TilePlan
    let threads: Int
    var formula: LossFormula

    init(_ options: BinaryCrossEntropy, _ batch: BatchMemory) throws(CrossEntropyError) {
        reduction = options.reduction
        level = try options.kernelLevel
        plan = TilePlan(count: batch.count, result: batch.result)
        threads = options.threads.threads(count: plan.count)
        formula = options.formula(batch.domain, batch.result, weight: batch.weight)
        self.batch = batch
        if batch.isBroadcast { self.batch.leaveOutOnes(level) }
    }

    /// The tile of elements `range`, and nothing broadcast to it.
    func tile(_ range: Range<Int>) -> LossTile {
        let start = range.lowerBound
        let weights =
            batch.hasWeightsOfLongRows
            ? batch.columnWeights?.from(start % batch.columns) : unlessOnes(batch.weights, range)
        return LossTile(
            predictions: batch.predictions(from: start), targets: batch.targets(from: start),
            weights: weights, mask: unlessOnes(batch.mask, range),
            count: range.count)
    }

    /// Nil if all elements are one. Then they change nothing, and the tile takes the fast kernels: to the same bits, at
    /// the price of reading the weights once more from the cache.
    func unlessOnes(_ column: ElementColumn?, _ range: Range<Int>) -> ElementColumn? {
        guard let elements = column?.from(range.lowerBound) else { return nil }
        return elements.hasElementOutside(1...1, count: range.count, level) ? elements : nil
    }

    /// The sum over all tiles of what `body` returns for each.
    func sum(_ body: (inout Tile) -> ScaledDouble) -> ScaledDouble {
        // A call on a few elements takes less time than an exact sum.
        plan.tiles == 1
            ? sumTiles(plan.range(0), body)
            : plan.sum(threads: threads) { range in sumTiles(range, body) }.scaled
    }

    /// The exact sum of the tiles' sums of losses.
    func sumOfLosses() -> ExactSum {
        plan.sum(threads: threads) { range in sumTiles(range) { $0.kernels.sum(formula, level) } }
    }

    func reduced() -> Double {
        let sum = sum { $0.kernels.sum(formula, level) }
        return reduction == .sum ? sum.value : sum / divisor
    }

    /// The number that a sum of losses is divided by.
    var divisor: ScaledDouble {
        if let divisor = commonDivisor(ofElements: plan.count) { return divisor }
        let totals = totals()
        return reduction == .mean ? ScaledDouble(totals.counted) : totals.weight.scaled
    }

    /// What the sum of `count` losses is divided by, wherever they are.
    func commonDivisor(ofElements count: Int) -> ScaledDouble? {
        switch reduction {
        case .sum: ScaledDouble(1)
        case .mean: countsAll ? ScaledDouble(Double(count)) : nil
        case .weightedMean: weighsOne ? ScaledDouble(Double(count)) : nil
        }
    }

    var countsAll: Bool { batch.mask == nil && !formula.hasMissing }

    var weighsOne: Bool {
        countsAll && batch.weights == nil && batch.rowWeights == nil && batch.columnWeights == nil
            && batch.weight == 1
    }

    /// How many elements count, and the sum of their weights.
    func totals() -> (counted: Double, weight: ExactSum) {
        var counted = 0.0
        var weight = ExactSum()
        for index in 0..<plan.tiles {
            forEachTile(plan.range(index)) { tile in
                let totals = tile.kernels.totals(formula, level)
                counted += totals.counted
                weight.add(totals.weight)
            }
        }
        return (counted, weight)
    }
}

extension BatchMemory {
    /// Weights of one for every element, row or column change nothing.
    fileprivate mutating func leaveOutOnes(_ level: KernelLevel) {
        func unlessOnes(_ column: ElementColumn?, _ count: Int) -> ElementColumn? {
            column.flatMap { $0.hasElementOutside(1...1, count: count, level) ? $0 : nil }
        }
        weights = unlessOnes(weights, count)
        rowWeights = unlessOnes(rowWeights, rows)
        columnWeights = unlessOnes(columnWeights, columns)
        positiveColumnWeights = unlessOnes(positiveColumnWeights, columns)
    }
}

extension ElementColumn {
    func hasElementOutside(_ bounds: ClosedRange<Double>, count: Int, _ level: KernelLevel) -> Bool {
        var limits = ProbabilityBounds()
        (limits.lower, limits.upper) = (bounds.lowerBound, bounds.upperBound)
        var tile = LossTile(predictions: self, targets: self, count: count)
        return tile.hasElementOutside(LossFormula(.probabilities, bounds: limits), level)
    }
}

extension BinaryCrossEntropy {
    /// The best level, or the one that `CROSS_ENTROPY_ISA` names.
    package var kernelLevel: KernelLevel {
        get throws(CrossEntropyError) {
            if let level { return level }
            let requested = KernelLevel.requested
            guard let level = requested.level else {
                let available = KernelLevel.available.map(\.rawValue)
                throw .unavailableInstructionSet(
                    requested: requested.text, available: available.joined(separator: ", "))
            }
            return level
        }
    }
}

internal import KernelLevels

/// One call: options and arguments, and how they are cut into tiles for the kernels.
@safe
struct Evaluation {
    let reduction: BinaryCrossEntropy.Reduction
    let batch: BatchMemory
    let level: KernelLevel
    let plan: TilePlan
    let threads: Int
    var formula: LossFormula

    init(_ options: BinaryCrossEntropy, _ batch: BatchMemory) throws(CrossEntropyError) {
        self.batch = batch
        reduction = options.reduction
        if let level = options.level { self.level = level } else { level = try KernelLevel.current() }
        plan = TilePlan(count: batch.count, result: batch.result)
        threads = options.threads.threads(count: plan.count)
        formula = options.formula(for: batch)
    }

    /// The tile of elements `range`, and nothing broadcast to it; not for an empty one.
    func tile(_ range: Range<Int>) -> LossTile {
        let start = range.lowerBound
        return unsafe LossTile(
            formula, predictions: batch.predictions.column(from: start),
            targets: batch.targets.column(from: start),
            weights: ones(batch.weights, range) ? nil : batch.weights?.column(from: start),
            mask: ones(batch.mask, range) ? nil : batch.mask?.column(from: start), count: range.count)
    }

    /// Whether the elements are absent or all one. Then they change nothing, and the tile takes the fast kernels: to
    /// the same bits, at the price of reading the weights once more from the cache.
    private func ones(_ memory: Memory?, _ range: Range<Int>) -> Bool {
        guard let memory = unsafe memory else { return true }
        return unsafe !memory.column(from: range.lowerBound).hasElementOutside(
            1...1, count: range.count, level)
    }

    /// The sum over all tiles of what `body` returns for one, added in the order of the tiles.
    func sum(_ body: (Tile) -> Double) -> ExactSum {
        plan.sum(threads: threads) { range in forEachTile(range, body) }
    }

    /// The sum of the losses.
    func sumOfLosses() -> ExactSum { sum { $0.kernels.sum(level: level) } }

    func reduced() -> Double { divided(sumOfLosses().value) }

    /// The number that a sum of losses is divided by.
    var divisor: Double {
        switch reduction {
        case .sum: 1
        case .mean: countsAll ? Double(plan.count) : totals().counted
        case .weightedMean: weighsOne ? Double(plan.count) : totals().weight.value
        }
    }

    func divided(_ sum: Double) -> Double { reduction == .sum ? sum : sum / divisor }

    var countsAll: Bool { unsafe batch.mask == nil && !formula.hasMissing }

    var weighsOne: Bool {
        unsafe countsAll && batch.weights == nil && batch.rowWeights == nil && batch.columnWeights == nil
            && batch.weight == 1
    }

    /// How many elements count, and the sum of their weights.
    func totals() -> (counted: Double, weight: ExactSum) {
        var counted = 0.0
        var weight = ExactSum()
        for index in 0..<plan.tiles {
            _ = forEachTile(plan.range(index)) { tile in
                let totals = tile.kernels.totals(level: level)
                counted += totals.counted
                weight.add(totals.weight)
                return 0
            }
        }
        return (counted, weight)
    }
}

extension ElementColumn {
    func hasElementOutside(_ bounds: ClosedRange<Double>, count: Int, _ level: KernelLevel) -> Bool {
        var limits = ProbabilityBounds()
        (limits.lower, limits.upper) = (bounds.lowerBound, bounds.upperBound)
        return LossTile(
            LossFormula(.probabilities, bounds: limits), predictions: self, targets: self, count: count
        ).hasElementOutside(level: level)
    }
}

extension KernelLevel {
    /// The best level, or the one that `CROSS_ENTROPY_ISA` names.
    static func current() throws(CrossEntropyError) -> KernelLevel {
        guard let level = requested.level else {
            throw .unavailableInstructionSet(
                requested: requested.text, available: available.map(\.rawValue).joined(separator: ", "))
        }
        return level
    }
}

/// Sums of losses over many batches, shards or machines, to be read at any time.
///
/// ```swift
/// var total = LossAccumulator()
/// for batch in batches { try loss.add(LossBatch(logits: batch.x.span, targets: batch.t.span), to: &total) }
/// print(total.mean, total.count)
/// ```
///
/// Sums are exact until they are read: in whatever order batches are added and accumulators merged, the bits are the
/// same. They are those of one call over all elements where each batch but the last has a multiple of
/// `LossAccumulator.grain` elements (a call adds up that many at a time); else within the accuracy of a loss. What is
/// encoded is exact too: it is what a distributed reduction exchanges.
public struct LossAccumulator: Sendable, Equatable, Codable {
    /// Elements whose losses a call adds up in one go, for Float predictions and, with half as many, for Double.
    public static let grain = 8192

    private var losses = ExactSum()
    private var weights = ExactSum()
    /// Elements that count.
    public private(set) var count = 0

    public init() {}

    /// The sum of the weighted losses, in nats.
    public var sum: Double { losses.value }

    /// The sum of the weights; the count where none are given.
    public var weightSum: Double { weights.value }

    /// The sum divided by the number of elements that count; NaN of nothing.
    public var mean: Double { sum / Double(count) }

    /// The sum divided by the sum of the weights; NaN where that is 0.
    public var weightedMean: Double { sum / weightSum }

    /// Adds what another accumulator holds.
    public mutating func merge(_ other: LossAccumulator) {
        losses.add(other.losses)
        weights.add(other.weights)
        count += other.count
    }

    mutating func add(losses sum: ExactSum, counted: Double, weights sumOfWeights: ExactSum) {
        losses.add(sum)
        weights.add(sumOfWeights)
        count += Int(counted)
    }
}

extension BinaryCrossEntropy {
    /// Adds the losses of a batch to `total`. The reduction does not matter: `total` has the mean and the sum.
    public func add<P>(
        _ batch: borrowing LossBatch<P>, to total: inout LossAccumulator
    ) throws(CrossEntropyError) {
        let evaluation = try Evaluation(self, batch.memory)
        let totals = evaluation.totals()
        total.add(losses: evaluation.sumOfLosses(), counted: totals.counted, weights: totals.weight)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// Sums of losses over many batches, shards or machines, to be read at any time.
///
/// ```swift
/// var total = LossAccumulator()
/// for batch in batches { try bce.add(ArrayBatch(logits: batch.x, targets: batch.t), to: &total) }
/// print(total.mean, total.count)
/// ```
///
/// Sums are exact until they are read: in whatever order batches are added and accumulators merged, the bits are the
/// same. They are those of one call over all elements where each batch but the last has a multiple of
/// `LossAccumulator.grain` elements (a call adds up that many at a time); else within the accuracy of a loss. The range is
/// wider than that of Double, so that a mean is finite where its losses are.
///
/// What is encoded is exact too, at most 2 KB, and checked when it is decoded: it is what a distributed reduction exchanges.
public struct LossAccumulator: Sendable, Equatable, Codable {
    /// Elements whose losses a call adds up in one go, for Float predictions and, with half as many, for Double.
    public static let grain = 8192

    private var losses = ExactSum()
    private var weights = ExactSum()
    /// Elements that count.
    public private(set) var count = 0

    public init() {}

    /// The sum of the weighted losses, in nats; infinite beyond the range of Double.
    public var sum: Double { losses.value }

    /// The sum of the weights; the count where none are given.
    public var weightSum: Double { weights.value }

    /// The sum divided by the number of elements that count; NaN of nothing.
    public var mean: Double { losses.scaled / ScaledDouble(Double(count)) }

    /// The sum divided by the sum of the weights; NaN where that is 0.
    public var weightedMean: Double { losses.scaled / weights.scaled }

    /// Adds what another accumulator holds.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` where the count of both is more than an `Int` holds; nothing is added
    ///   then.
    public mutating func merge(_ other: LossAccumulator) throws(CrossEntropyError) {
        try add(losses: other.losses, counted: other.count, weights: other.weights)
    }

    mutating func add(
        losses sum: ExactSum, counted: Int, weights sumOfWeights: ExactSum
    ) throws(CrossEntropyError) {
        let (total, overflows) = count.addingReportingOverflow(counted)
        guard !overflows else {
            throw .tooManyElements(argument: "accumulator", count: count, added: counted)
        }
        losses.add(sum)
        weights.add(sumOfWeights)
        count = total
    }
}

extension LossAccumulator {
    private enum CodingKeys: CodingKey { case losses, weights, count }

    /// Reads what `encode(to:)` has written.
    ///
    /// - Throws: `DecodingError.dataCorrupted` for a count below 0, and for sums that so many elements cannot have.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        losses = try container.decode(ExactSum.self, forKey: .losses)
        weights = try container.decode(ExactSum.self, forKey: .weights)
        count = try container.decode(Int.self, forKey: .count)
        func check(_ isRight: Bool, _ key: CodingKeys, _ problem: String) throws {
            guard isRight else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "\(key.stringValue): \(problem)")
            }
        }
        try check(count >= 0, .count, "\(count) is below 0")
        try check(losses.isSum(ofTerms: count), .losses, "too large for \(count) elements")
        try check(weights.isSum(ofTerms: count), .weights, "too large for \(count) elements")
    }
}

extension BinaryCrossEntropy {
    /// Adds the losses of a batch to `total`. The reduction does not matter: `total` has the mean and the sum.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` where the count would be more than an `Int` holds.
    public func add<P>(
        _ batch: borrowing LossBatch<P>, to total: inout LossAccumulator
    ) throws(CrossEntropyError) {
        try add(batch.memory, to: &total)
    }

    @usableFromInline
    func add(_ batch: BatchMemory, to total: inout LossAccumulator) throws(CrossEntropyError) {
        let evaluation = try Evaluation(self, batch)
        let sums = evaluation.exactSums { evaluation.sums(of: $0, wantsWeight: true) }
        try evaluation.refuse(if: sums.isOutside)
        try total.add(losses: sums.loss, counted: Int(sums.count), weights: sums.weight)
    }
}

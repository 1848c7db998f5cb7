// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// Sums of losses over many batches, shards or machines. They can be read at any time.
///
/// ```swift
/// var total = LossAccumulator()
/// for batch in batches { try bce.add(ArrayBatch(logits: batch.x, targets: batch.t), to: &total) }
/// print(total.mean, total.count)
/// ```
///
/// Sums are exact until they are read, so results are bitwise identical in whatever order batches are added and
/// accumulators merged. They are also bitwise identical to those of one call over all elements if every batch except
/// the last has a multiple of `LossAccumulator.grain` elements (the number that a call adds up at a time); otherwise
/// they agree to within the accuracy of a loss. The range is wider than that of Double, so a mean is finite if its
/// losses are.
///
/// The encoded form is also exact, takes at most 2 KB, and is checked when it is decoded. It is meant for exchange in a
/// distributed reduction.
public struct LossAccumulator: Sendable, Equatable, Codable {
    /// The number of elements whose losses a call adds up at a time, for Float predictions; half as many for Double.
    public static let grain = 8192

    private var losses = ExactSum()
    private var weights = ExactSum()
    /// The number of elements that count.
    public private(set) var count = 0

    public init() {}

    /// The sum of the weighted losses, in nats; infinite if it exceeds the range of Double.
    public var sum: Double { losses.value }

    /// The sum of the weights; the count if there are no weights.
    public var weightSum: Double { weights.value }

    /// The sum divided by the number of elements that count; NaN if there are none.
    public var mean: Double { losses.scaled / ScaledDouble(Double(count)) }

    /// The sum divided by the sum of the weights; infinite or NaN if that is 0.
    public var weightedMean: Double { losses.scaled / weights.scaled }

    /// Adds the contents of another accumulator.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` if the combined count overflows `Int`; in that case nothing is
    ///   added.
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

    /// Decodes the form written by `encode(to:)`.
    ///
    /// - Throws: `DecodingError.dataCorrupted` for a negative count, and for sums that are impossible for that many
    ///   elements.
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
    /// Adds the losses of a batch to `total`. The reduction has no effect: `total` provides both the mean and the sum.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` if the count would overflow `Int`.
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

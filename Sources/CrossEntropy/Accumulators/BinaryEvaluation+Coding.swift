// SPDX-License-Identifier: Apache-2.0

/// The encoded form is exact and is checked when it is decoded. Empty bins are left out. Each other bin of logits takes
/// about 90 bytes, and all of them 1.4 MB.
extension BinaryEvaluation: Codable {
    private enum CodingKeys: CodingKey { case binCount, losses, byLogit, byProbability, squaredError }

    /// Decodes the form written by `encode(to:)`.
    ///
    /// - Throws: `DecodingError.dataCorrupted` for a number of bins that is not allowed, for bins that do not exist,
    ///   for bins that do not have as many elements as there are losses, and for sums that are impossible for that
    ///   many.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let binCount = try container.decode(Int.self, forKey: .binCount)
        try container.refuse(Self.problem(binCount: binCount))
        let losses = try container.decode(LossAccumulator.self, forKey: .losses)
        var scores = ScoreSums(binCount: binCount)
        try scores.byLogit.fill(container.decode(EncodedHistogram.self, forKey: .byLogit))
        try scores.byProbability.fill(container.decode(EncodedHistogram.self, forKey: .byProbability))
        scores.squaredError = try container.decode(ReproducibleSum.self, forKey: .squaredError)
        self.init(losses: losses, scores: scores)
        try container.refuse(problem)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(binCount, forKey: .binCount)
        try container.encode(losses, forKey: .losses)
        try container.encode(EncodedHistogram(scores.byLogit), forKey: .byLogit)
        try container.encode(EncodedHistogram(scores.byProbability), forKey: .byProbability)
        try container.encode(scores.squaredError, forKey: .squaredError)
    }
}

/// The places and groups of a histogram that are not empty, each with its index.
private struct EncodedHistogram: Codable {
    struct Entry<Value: Codable>: Codable {
        let index: Int
        let value: Value
    }

    let labels: [Entry<ReproducibleSum>]
    let groups: [Entry<ScoreHistogram.Group>]

    init(_ histogram: ScoreHistogram) {
        labels = Self.entries(histogram.labels, except: ReproducibleSum())
        groups = Self.entries(histogram.groups, except: ScoreHistogram.Group())
    }

    private static func entries<V: Equatable>(_ values: [V], except empty: V) -> [Entry<V>] {
        values.enumerated().filter { $0.element != empty }.map { Entry(index: $0.offset, value: $0.element) }
    }
}

extension ScoreHistogram {
    /// Fills an empty histogram.
    fileprivate mutating func fill(_ encoded: EncodedHistogram) throws {
        try Self.fill(&labels, encoded.labels)
        try Self.fill(&groups, encoded.groups)
    }

    private static func fill<V>(_ values: inout [V], _ entries: [EncodedHistogram.Entry<V>]) throws {
        for entry in entries {
            guard values.indices.contains(entry.index) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [], debugDescription: "there is no bin \(entry.index)"))
            }
            values[entry.index] = entry.value
        }
    }
}

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
        try container.check(Self.binCounts.contains(binCount), .binCount, "\(binCount) is not from 1 to 1000")
        let losses = try container.decode(LossAccumulator.self, forKey: .losses)
        var scores = ScoreSums(binCount: binCount)
        try scores.byLogit.fill(container.decode(EncodedHistogram.self, forKey: .byLogit))
        try scores.byProbability.fill(container.decode(EncodedHistogram.self, forKey: .byProbability))
        scores.squaredError = try container.decode(ReproducibleSum.self, forKey: .squaredError)
        let (count, problem) = (losses.count, "not the sums of \(losses.count) elements")
        try container.check(losses.keepsReport, .losses, "no report is kept")
        try container.check(scores.byLogit.isPossible(forElements: count), .byLogit, problem)
        try container.check(scores.byProbability.isPossible(forElements: count), .byProbability, problem)
        try container.check(scores.squaredError.isSum(ofTerms: count), .squaredError, problem)
        self.init(losses: losses, scores: scores)
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

    /// Whether all groups together have this many elements, and each has sums that are possible for its own number.
    fileprivate func isPossible(forElements count: Int) -> Bool {
        var rest = count
        for (index, group) in groups.enumerated() {
            let sums = labels[places(ofGroup: index)] + [group.squaredWeight, group.prediction]
            guard (0...rest).contains(group.count), sums.allSatisfy({ $0.isSum(ofTerms: group.count) }) else {
                return false
            }
            rest -= group.count
        }
        return rest == 0
    }
}

// SPDX-License-Identifier: Apache-2.0

extension LossAccumulator: Codable {
    private enum CodingKeys: String, CodingKey { case losses, weights, count, extra = "report" }

    /// Decodes the form written by `encode(to:)`.
    ///
    /// - Throws: `DecodingError.dataCorrupted` for a negative count, and for sums that are impossible for that many
    ///   elements.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            losses: container.decode(ExactSum.self, forKey: .losses),
            weights: container.decode(ExactSum.self, forKey: .weights),
            count: container.decode(Int.self, forKey: .count),
            extra: container.decodeIfPresent(ReportExtra.self, forKey: .extra))
        try container.refuse(problem)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(losses, forKey: .losses)
        try container.encode(weights, forKey: .weights)
        try container.encode(count, forKey: .count)
        try container.encodeIfPresent(extra, forKey: .extra)
    }

    /// The name of the first value that is impossible, and why; nil if all are possible.
    var problem: String? {
        if count < 0 { return "count: \(count) is below 0" }
        for (name, sum) in [("losses", losses), ("weights", weights)] where !sum.isSum(ofTerms: count) {
            return "\(name): too large for \(count) elements"
        }
        return extra?.problem(count: count).map { "report: \($0)" }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The encoded form is exact. Each group is one string, which is empty if the group is empty. It contains the count,
/// the sum of the targets in units of 2^-24, and the sums of the losses and of their squares, separated by spaces. If
/// there are weights, another string for each group contains the sums of the weights, of their products with the
/// losses, and of their squares.
extension GroupedLosses: Codable {
    private enum CodingKeys: CodingKey { case groups, weights }

    /// Decodes the form written by `encode(to:)`.
    ///
    /// - Throws: `DecodingError.dataCorrupted` for sums that are impossible for the count of their group, and for
    ///   counts whose sum exceeds 2^42. It names the group.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func corrupted(_ key: CodingKeys, _ problem: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: "\(key.stringValue)\(problem)")
        }
        let groups = try container.decode([String].self, forKey: .groups)
        let weights = try container.decodeIfPresent([String].self, forKey: .weights)
        guard groups.count <= Self.mostGroups else { throw corrupted(.groups, ": more than 2^31") }
        guard (weights ?? groups).count == groups.count else {
            throw corrupted(.weights, ": not one per group")
        }
        self.init(groupCount: groups.count)
        if weights != nil { keepWeights() }
        for (index, text) in groups.enumerated() where !text.isEmpty {
            guard let sums = GroupSums(text: text) else {
                throw corrupted(.groups, "[\(index)]: \"\(text.prefix(40))\" is not a group")
            }
            guard fill(index, sums) else {
                throw corrupted(.groups, "[\(index)]: the counts exceed 2^42")
            }
        }
        for (index, text) in (weights ?? []).enumerated() where text != "" || sums[index].count > 0 {
            guard let sums = GroupWeights(text: text, count: sums[index].count) else {
                throw corrupted(.weights, "[\(index)]: \"\(text.prefix(40))\" is not a group's weights")
            }
            self.weights?.set(sums, index)
        }
    }

    /// Sets the sums of a group that is still empty. Returns false if the count of all groups would exceed 2^42.
    mutating func fill(_ index: Int, _ sums: GroupSums) -> Bool {
        guard sums.count <= ReproducibleSum.mostTerms - count else { return false }
        count += sums.count
        self.sums.set(sums, index)
        return true
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let groups = 0..<groupCount
        try container.encode(groups.map { sums[$0].count == 0 ? "" : sums[$0].text }, forKey: .groups)
        try container.encodeIfPresent(
            weights.map { weights in groups.map { sums[$0].count == 0 ? "" : weights[$0].text } },
            forKey: .weights)
    }
}

extension GroupSums {
    fileprivate var text: String {
        "\(count) \(allTargetUnits) \(losses.text) \(squaredLosses.text)"
    }

    /// Nil unless the text is one that `text` can return.
    fileprivate init?(text: String) {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
        guard fields.count == 4, let count = Int(fields[0]), let targets = UInt128(fields[1]),
            let losses = ReproducibleSum(text: fields[2]),
            let squaredLosses = ReproducibleSum(text: fields[3])
        else { return nil }
        self.init(count: count, targets: targets, losses: losses, squaredLosses: squaredLosses)
        guard self.text == text else { return nil }
    }
}

extension GroupWeights {
    fileprivate var text: String { "\(weights.text) \(weightedLosses.text) \(squaredWeights.text)" }

    /// Nil unless the text is one that `text` can return for a group with `count` elements.
    fileprivate init?(text: String, count: Int) {
        let sums = text.split(separator: " ", omittingEmptySubsequences: false).map {
            ReproducibleSum(text: String($0))
        }
        guard sums.count == 3, let weights = sums[0], let weightedLosses = sums[1],
            let squaredWeights = sums[2]
        else { return nil }
        self.init(
            weights: weights, weightedLosses: weightedLosses, squaredWeights: squaredWeights, count: count)
    }
}

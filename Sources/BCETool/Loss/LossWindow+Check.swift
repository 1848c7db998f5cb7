// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

extension LossWindow {
    /// Throws an error if a value that counts is invalid.
    func check() throws {
        try checkTargets()
        let refused = try predictions.withSpan { try P.firstRefused($0, isLogits: input.isLogits) }
        if let refused {
            try checkEach(from: refused, input.isLogits ? .logits : .probabilities, input.predictions) {
                predictions.elements[$0].number
            }
        }
        try checkWeights()
        try checkPositiveWeights()
    }

    private func checkTargets() throws {
        switch targets.numbers {
        case .bytes(let elements): try checkTargets(elements)
        case .floats(let elements): try checkTargets(elements)
        case .doubles(let elements): try checkTargets(elements)
        }
    }

    private func checkTargets<T: FileTarget>(_ elements: Buffer<T>) throws {
        guard let refused = try elements.withSpan(0..<piece.elements.count, T.firstRefused) else { return }
        try checkEach(from: refused, T.domain, targets.column) { targets.numbers[$0] }
    }

    private func checkWeights() throws {
        guard let weights else { return }
        switch input.weights!.kind {
        case .elements: try checkEach(from: 0, .weights, weights.column) { weights.numbers[$0] }
        case .rows:
            for (index, row) in weights.range.enumerated() {
                let weight = weights.numbers[index]
                if !Domain.weights.range.contains(weight), countsAny(ofRow: row) {
                    throw weights.column.error(.weights, row, weight)
                }
            }
        case .columns: try Domain.weights.check(weights)
        }
    }

    private func checkPositiveWeights() throws {
        if let positiveWeights { try Domain.positiveWeights.check(positiveWeights) }
    }

    private func countsAny(ofRow row: Int) -> Bool {
        let length = piece.columns.count
        let first = (row - piece.rows.lowerBound) * length
        return (first..<first + length).contains(where: counts)
    }

    /// Checks elements one by one, because those that do not count may have any value.
    private func checkEach(
        from first: Int, _ domain: Domain, _ column: FileColumn, _ number: (Int) -> Double
    ) throws {
        for index in first..<piece.elements.count
        where !domain.range.contains(number(index)) && counts(index) {
            throw column.error(domain, piece.elements.lowerBound + index, number(index))
        }
    }
}

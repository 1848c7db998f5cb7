import CrossEntropy

extension LossInput {
    /// Finds a value of a piece that counts and makes no sense.
    func check(_ piece: Piece) throws {
        switch targets {
        case .byte(let values): try checkTargets(values, piece.elements)
        case .float(let values): try checkTargets(values, piece.elements)
        case .double(let values): try checkTargets(values, piece.elements)
        }
        let refused = try predictions.withSpan(piece.elements) {
            try P.firstRefused($0, isLogits: isLogits)
        }
        if let refused {
            try checkEach(
                piece.elements.dropFirst(refused), isLogits ? .logits : .probabilities
            ) { predictions[$0].number }
        }
        try checkWeights(piece)
    }

    private func checkTargets<T: FileTarget>(_ values: Values<T>, _ range: Range<Int>) throws {
        guard let refused = try values.withSpan(range, T.firstRefused) else { return }
        try checkEach(range.dropFirst(refused), T.domain) { targets[$0] }
    }

    private func checkWeights(_ piece: Piece) throws {
        switch weights {
        case .elements(.float(let weights)):
            try checkEach(piece.elements, .weights) { Double(weights[$0]) }
        case .elements(.double(let weights)):
            try checkEach(piece.elements, .weights) { weights[$0] }
        case .rows(let weights):
            for row in piece.rows where !Domain.weights.range.contains(weights[row]) {
                let elements = row * shape[1]..<(row + 1) * shape[1]
                if elements.contains(where: counts) { throw Domain.weights.error(row, weights[row]) }
            }
        case .columns, nil: break
        }
    }

    /// One by one: what does not count may be anything.
    private func checkEach(
        _ range: Range<Int>, _ domain: Domain, _ number: (Int) -> Double
    ) throws {
        for index in range where !domain.range.contains(number(index)) && counts(index) {
            throw domain.error(index, number(index))
        }
    }

    private func counts(_ index: Int) -> Bool {
        if let mask, !mask.counts(index) { return false }
        return !missing.contains(targets[index])
    }
}

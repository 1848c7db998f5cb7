import CrossEntropy

/// What one loss is computed from: values where the files have them. Pieces of it become batches of the library.
struct LossInput<P: FilePrediction> {
    let isLogits: Bool
    let predictions: Values<P>
    /// Of the predictions.
    let shape: [Int]
    let targets: AnyTargets
    let missing: BinaryCrossEntropy.MissingTargets
    let weights: Weights?
    let positiveWeights: [Double]?
    let mask: Mask?

    var count: Int { predictions.count }

    /// Rows and columns, where weights differ by them; else all is one row.
    var plan: PiecePlan {
        let hasElementsOnly: Bool =
            switch weights {
            case nil, .elements: positiveWeights == nil
            case .rows, .columns: false
            }
        return hasElementsOnly ? PiecePlan(rows: 1, columns: count) : rowPlan
    }

    /// Rows and columns of predictions that are 2-D.
    var rowPlan: PiecePlan { PiecePlan(rows: shape[0], columns: shape[1]) }

    func withBatch<R>(_ piece: Piece, _ body: (borrowing LossBatch<P>) throws -> R) throws -> R {
        switch targets {
        case .byte(let targets): try withBatch(targets, piece, body)
        case .float(let targets): try withBatch(targets, piece, body)
        case .double(let targets): try withBatch(targets, piece, body)
        }
    }

    private func withBatch<T: LossTarget, R>(
        _ targets: Values<T>, _ piece: Piece, _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        let columns = piece.columns.count
        return try predictions.withSpan(piece.elements) { predictions in
            try targets.withSpan(piece.elements) { targets in
                let batch =
                    isLogits
                    ? try LossBatch(logits: predictions, targets: targets, columns: columns)
                    : try LossBatch(probabilities: predictions, targets: targets, columns: columns)
                return try withWeights(batch, piece, body)
            }
        }
    }

    private func withWeights<R>(
        _ batch: borrowing LossBatch<P>, _ piece: Piece, _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        switch weights {
        case nil: try withPositiveWeights(batch, piece, body)
        case .elements(.float(let weights)):
            try weights.withSpan(piece.elements) {
                try withPositiveWeights(batch.weighted(byElement: $0), piece, body)
            }
        case .elements(.double(let weights)):
            try weights.withSpan(piece.elements) {
                try withPositiveWeights(batch.weighted(byElement: $0), piece, body)
            }
        case .rows(let weights):
            try withPositiveWeights(
                batch.weighted(byRow: weights.span.extracting(piece.rows)), piece, body)
        case .columns(let weights):
            try withPositiveWeights(
                batch.weighted(byColumn: weights.span.extracting(piece.columns)), piece, body)
        }
    }

    private func withPositiveWeights<R>(
        _ batch: borrowing LossBatch<P>, _ piece: Piece, _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        guard let positiveWeights else { return try withMask(batch, piece, body) }
        return try withMask(
            batch.positivesWeighted(byColumn: positiveWeights.span.extracting(piece.columns)), piece, body)
    }

    private func withMask<R>(
        _ batch: borrowing LossBatch<P>, _ piece: Piece, _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        guard let mask else { return try body(batch) }
        return try mask.withBytes(piece.elements) { try body(batch.masked(by: $0)) }
    }
}

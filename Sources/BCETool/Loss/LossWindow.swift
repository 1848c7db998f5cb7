// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The values of one piece of the files, read once: the bytes that are checked are the ones that become a batch of the
/// library. A window is used by one thread at a time.
final class LossWindow<P: FilePrediction>: @unchecked Sendable {
    let input: LossInput<P>
    private(set) var piece: Piece
    let predictions: PredictionWindow<P>
    let targets: NumberWindow
    let weights: NumberWindow?
    let positiveWeights: NumberWindow?
    let mask: NumberWindow?
    /// The mask of rows, expanded to their elements.
    private let spreadMask: Buffer<UInt8>?
    private var results: [Buffer<P.LossResult>] = []

    init(_ input: LossInput<P>, first piece: Piece) throws {
        self.input = input
        self.piece = piece
        let capacity = min(input.count, PiecePlan.largest)
        predictions = try PredictionWindow(input.predictions, capacity: capacity)
        targets = try NumberWindow(input.targets, capacity: capacity)
        weights = try input.weights.map { try NumberWindow($0.column, capacity: capacity) }
        positiveWeights = try input.positiveWeights.map { try NumberWindow($0.column, capacity: capacity) }
        mask = try input.mask.map { try NumberWindow($0.column, capacity: capacity) }
        spreadMask =
            input.mask?.kind == .rows ? try Buffer(count: capacity, for: input.mask!.column.path) : nil
    }

    /// Reads the values of `piece`, which may be invalid until `check()` has been called.
    func read(_ piece: Piece) throws {
        self.piece = piece
        try predictions.read(piece.elements)
        try targets.read(piece.elements)
        if let weights { try weights.read(input.weights!.range(piece)) }
        if let positiveWeights { try positiveWeights.read(input.positiveWeights!.range(piece)) }
        if let mask { try mask.read(input.mask!.range(piece)) }
        spreadMaskOfRows()
    }

    /// Whether element `index` of the piece counts.
    func counts(_ index: Int) -> Bool {
        if let maskBytes, maskBytes[index] == 0 { return false }
        return !input.missing.contains(targets.numbers[index])
    }

    /// Room for results of the piece, reused for the next one.
    func results(_ number: Int) throws -> Buffer<P.LossResult> {
        while results.count <= number {
            results.append(
                try Buffer(count: min(input.count, PiecePlan.largest), for: input.predictions.path))
        }
        return results[number]
    }

    private var maskBytes: Buffer<UInt8>? {
        guard case .bytes(let bytes)? = mask?.numbers else { return nil }
        return spreadMask ?? bytes
    }

    private func spreadMaskOfRows() {
        guard let spreadMask, let mask, case .bytes(let rows) = mask.numbers else { return }
        let rowLength = input.mask!.rowLength
        for row in mask.range {
            let elements = (row * rowLength..<(row + 1) * rowLength).clamped(to: piece.elements)
            for element in elements {
                spreadMask[element - piece.elements.lowerBound] = rows[row - mask.range.lowerBound]
            }
        }
    }
}

extension LossWindow {
    /// Calls `body` with the piece as a batch.
    func withBatch<R>(_ body: (borrowing LossBatch<P>) throws -> R) throws -> R {
        switch targets.numbers {
        case .bytes(let targets): try withBatch(targets, body)
        case .floats(let targets): try withBatch(targets, body)
        case .doubles(let targets): try withBatch(targets, body)
        }
    }

    private func withBatch<T: LossTarget, R>(
        _ targets: Buffer<T>, _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        let columns = piece.columns.count
        return try predictions.withSpan { predictions in
            try targets.withSpan(0..<piece.elements.count) { targets in
                let batch =
                    input.isLogits
                    ? try LossBatch(logits: predictions, targets: targets, columns: columns)
                    : try LossBatch(probabilities: predictions, targets: targets, columns: columns)
                return try withWeights(batch, body)
            }
        }
    }

    private func withWeights<R>(
        _ batch: borrowing LossBatch<P>, _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        guard let weights else { return try withPositiveWeights(batch, body) }
        return switch weights.numbers {
        case .floats(let elements): try withWeights(elements, weights, batch, body)
        case .doubles(let elements): try withWeights(elements, weights, batch, body)
        case .bytes: preconditionFailure("weights are read as numbers")
        }
    }

    private func withWeights<W: LossScalar, R>(
        _ elements: Buffer<W>, _ weights: NumberWindow, _ batch: borrowing LossBatch<P>,
        _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        try elements.withSpan(0..<weights.range.count) { elements in
            switch input.weights!.kind {
            case .elements: try withPositiveWeights(batch.weighted(byElement: elements), body)
            case .rows: try withPositiveWeights(batch.weighted(byRow: elements), body)
            case .columns: try withPositiveWeights(batch.weighted(byColumn: elements), body)
            }
        }
    }

    private func withPositiveWeights<R>(
        _ batch: borrowing LossBatch<P>, _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        switch positiveWeights?.numbers {
        case .floats(let weights)?: try withPositiveWeights(weights, batch, body)
        case .doubles(let weights)?: try withPositiveWeights(weights, batch, body)
        case .bytes?, nil: try withMask(batch, body)
        }
    }

    private func withPositiveWeights<W: LossScalar, R>(
        _ weights: Buffer<W>, _ batch: borrowing LossBatch<P>,
        _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        let isByElement = input.positiveWeights!.kind == .elements
        return try weights.withSpan(0..<positiveWeights!.range.count) { weights in
            isByElement
                ? try withMask(batch.positivesWeighted(byElement: weights), body)
                : try withMask(batch.positivesWeighted(byColumn: weights), body)
        }
    }

    private func withMask<R>(
        _ batch: borrowing LossBatch<P>, _ body: (borrowing LossBatch<P>) throws -> R
    ) throws -> R {
        guard let maskBytes else { return try body(batch) }
        return try maskBytes.withSpan(0..<piece.elements.count) { try body(batch.masked(by: $0)) }
    }
}

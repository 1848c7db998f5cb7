// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The input of a matrix of pairwise losses: predictions are read a few rows at a time, targets all at once.
struct PairwiseInput<P: FilePrediction & LossScalar & NPYElement> {
    let isLogits: Bool
    let options: BinaryCrossEntropy
    private let predictions: FileColumn
    private let targetColumn: FileColumn
    private let targets: NumberWindow
    private let window: PredictionWindow<P>
    private let losses: Buffer<P>
    private let rowsAtATime: Int

    private var rows: Int { predictions.shape[0] }
    private var targetRows: Int { targetColumn.shape[0] }
    private var columns: Int { predictions.shape[1] }

    /// The maximum number of losses computed at a time, between two updates of the progress bar: 128 MiB of Doubles, so
    /// that the matrix product is large.
    private static var mostLosses: Int { 1 << 24 }

    /// The maximum number of predictions read at a time, unless a single row has more: 16 MiB of Doubles.
    private static var mostPredictions: Int { 1 << 21 }

    /// - Parameters:
    ///   - predictions: m x k elements.
    ///   - targets: n x k elements.
    init(
        isLogits: Bool, predictions: FileColumn, targets: FileColumn, options: BinaryCrossEntropy
    ) throws {
        self.isLogits = isLogits
        self.options = options
        self.predictions = predictions
        targetColumn = targets
        let (rows, columns, targetRows) = (predictions.shape[0], predictions.shape[1], targets.shape[0])
        let fitting = min(Self.mostLosses / targetRows, Self.mostPredictions / columns)
        rowsAtATime = min(rows, max(1, fitting))
        self.targets = try NumberWindow(targets, capacity: targets.count)
        window = try PredictionWindow(predictions, capacity: rowsAtATime * columns)
        losses = try Buffer(count: rowsAtATime * targetRows, for: targets.path)
    }

    /// Throws an error if a value is invalid, before hours are spent on the others.
    func check() throws {
        try targets.read(0..<targetColumn.count)
        try forEachPart("checking predictions") { _ in }
        switch targets.numbers {
        case .bytes(let elements): try check(elements)
        case .floats(let elements): try check(elements)
        case .doubles(let elements): try check(elements)
        }
    }

    /// Writes the losses of a few rows of predictions at a time.
    func writeLosses(_ pairwise: some PairwiseLosses, to file: NPYWriter) throws {
        try forEachPart("pairwise losses") { part in
            switch targets.numbers {
            case .bytes(let elements): try computeLosses(part, elements, pairwise)
            case .floats(let elements): try computeLosses(part, elements, pairwise)
            case .doubles(let elements): try computeLosses(part, elements, pairwise)
            }
            try file.write(losses, part.count * targetRows, at: part.lowerBound * targetRows)
        }
    }

    /// Reads and checks the predictions of a few rows at a time, and calls `body` with the range of those rows.
    private func forEachPart(_ stage: String, _ body: (Range<Int>) throws -> Void) throws {
        var progress = Progress(stage, total: rows)
        defer { progress.finish() }
        for start in stride(from: 0, to: rows, by: rowsAtATime) {
            let part = start..<min(rows, start + rowsAtATime)
            try window.read(part.lowerBound * columns..<part.upperBound * columns)
            if let refused = try window.withSpan({ try P.firstRefused($0, isLogits: isLogits) }) {
                throw (isLogits ? Domain.logits : .probabilities).error(
                    start * columns + refused, window.elements[refused].number)
            }
            try body(part)
            progress.advance(to: part.upperBound)
        }
        try predictions.checkUnchanged()
        try targetColumn.checkUnchanged()
    }

    private func check<T: FileTarget>(_ elements: Buffer<T>) throws {
        let count = targetColumn.count
        guard let first = try elements.withSpan(0..<count, T.firstRefused) else { return }
        for index in first..<count {
            let value = targets.numbers[index]
            if !options.missingTargets.contains(value), !T.domain.range.contains(value) {
                throw T.domain.error(index, value)
            }
        }
    }

    private func computeLosses<T: FileTarget>(
        _ part: Range<Int>, _ targets: Buffer<T>, _ pairwise: some PairwiseLosses
    ) throws {
        try window.withSpan { predictions in
            try targets.withSpan(0..<targetColumn.count) { targets in
                try losses.withMutableSpan(0..<part.count * targetRows) { losses in
                    let left = try MatrixView(predictions, rows: part.count, columns: columns)
                    let right = try MatrixView(targets, rows: targetRows, columns: columns)
                    var output = try MutableMatrixView(
                        losses, rows: part.count, columns: targetRows)
                    try pairwise.write(options, left, isLogits: isLogits, right, into: &output)
                }
            }
        }
    }
}

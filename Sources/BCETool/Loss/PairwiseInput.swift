import CrossEntropy
import CrossEntropyBLAS

/// What a matrix of pairwise losses is computed from.
struct PairwiseInput<P: FilePrediction & LossScalar & NPYElement> {
    let isLogits: Bool
    let predictions: Values<P>
    let rows: Int
    let targets: AnyTargets
    let targetRows: Int
    let columns: Int
    let options: BinaryCrossEntropy

    /// Losses that are computed at a time, between two steps of the progress bar: 128 MiB of Doubles.
    private static var mostLosses: Int { 1 << 24 }

    /// Finds a value that makes no sense.
    func check() throws {
        let refused = try predictions.withSpan(0..<predictions.count) {
            try P.firstRefused($0, isLogits: isLogits)
        }
        if let refused {
            throw (isLogits ? Domain.logits : .probabilities).error(refused, predictions[refused].number)
        }
        switch targets {
        case .byte(let values): try check(values)
        case .float(let values): try check(values)
        case .double(let values): try check(values)
        }
    }

    private func check<T: FileTarget>(_ values: Values<T>) throws {
        guard let first = try values.withSpan(0..<values.count, T.firstRefused) else { return }
        for index in first..<values.count {
            let value = targets[index]
            if !options.missingTargets.contains(value), !T.domain.range.contains(value) {
                throw T.domain.error(index, value)
            }
        }
    }

    /// Some rows of predictions at a time.
    func writeLosses(to file: NPYWriter) throws {
        let rowsAtATime = max(1, Self.mostLosses / targetRows)
        let workspace = BLASWorkspace()
        var progress = Progress("pairwise losses", total: rows)
        defer { progress.finish() }
        for start in stride(from: 0, to: rows, by: rowsAtATime) {
            let part = start..<min(rows, start + rowsAtATime)
            var losses = [P](repeating: 0, count: part.count * targetRows)
            switch targets {
            case .byte(let values): try write(part, values, &losses, workspace)
            case .float(let values): try write(part, values, &losses, workspace)
            case .double(let values): try write(part, values, &losses, workspace)
            }
            try file.append(losses)
            progress.advance(to: part.upperBound)
        }
    }

    private func write<T: FileTarget>(
        _ part: Range<Int>, _ targets: Values<T>, _ losses: inout [P], _ workspace: BLASWorkspace
    ) throws {
        let elements = part.lowerBound * columns..<part.upperBound * columns
        try predictions.withSpan(elements) { predictions in
            try targets.withSpan(0..<targets.count) { targets in
                let left = try MatrixView(predictions, rows: part.count, columns: columns)
                let right = try MatrixView(targets, rows: targetRows, columns: columns)
                var output = try MutableMatrixView(
                    losses.mutableSpan, rows: part.count, columns: targetRows)
                if isLogits {
                    try options.writePairwiseLosses(
                        logits: left, targets: right, into: &output, workspace: workspace)
                } else {
                    try options.writePairwiseLosses(
                        probabilities: left, targets: right, into: &output, workspace: workspace)
                }
            }
        }
    }
}

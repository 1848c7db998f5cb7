import CrossEntropy

/// One loss of two columns of values: checked, reduced chunk by chunk with a progress bar, and written on request.
struct LossJob {
    let options: BinaryCrossEntropy
    let logits: Bool
    let shape: [Int]
    let elementsTo: String?

    /// Elements between two steps of the progress bar: a few milliseconds of work that is read from a disk.
    private static let chunk = 1 << 22

    func run<S: LossScalar & NPYElement, T: LossTarget & CheckedTarget>(
        _ predictions: Values<S>, _ targets: Values<T>
    ) throws -> Double {
        try predictions.withSpan { predictions in
            try targets.withSpan { targets in
                let loss = try reduce(predictions, targets)
                if let elementsTo { try writeElements(predictions, targets, to: elementsTo) }
                return loss
            }
        }
    }

    private func reduce<S: LossScalar, T: LossTarget & CheckedTarget>(
        _ predictions: Span<S>, _ targets: Span<T>
    ) throws(CrossEntropyError) -> Double {
        let count = predictions.count
        var progress = Progress(total: count)
        defer { progress.finish() }
        var total = CompensatedSum()
        for start in stride(from: 0, to: count, by: Self.chunk) {
            let range = start..<min(count, start + Self.chunk)
            do throws(CrossEntropyError) {
                total.add(try checkedSum(predictions.extracting(range), targets.extracting(range)))
            } catch {
                throw error.movedBy(start)
            }
            progress.advance(to: range.upperBound)
        }
        return options.reduction == .mean ? total.value / Double(count) : total.value
    }

    private func checkedSum<S: LossScalar, T: LossTarget & CheckedTarget>(
        _ predictions: Span<S>, _ targets: Span<T>
    ) throws(CrossEntropyError) -> Double {
        try T.check(targets)
        let options = options.with(reduction: .sum)
        if logits {
            try BinaryCrossEntropy.check(logits: predictions)
            return try options.loss(logits: predictions, targets: targets)
        }
        try BinaryCrossEntropy.check(probabilities: predictions)
        return try options.loss(probabilities: predictions, targets: targets)
    }

    private func writeElements<S: LossScalar & NPYElement, T: LossTarget>(
        _ predictions: Span<S>, _ targets: Span<T>, to path: String
    ) throws {
        var losses = [S](repeating: 0, count: predictions.count)
        var span = losses.mutableSpan
        if logits {
            try options.writeLosses(logits: predictions, targets: targets, into: &span)
        } else {
            try options.writeLosses(probabilities: predictions, targets: targets, into: &span)
        }
        try NPYWriter.write(losses, shape: shape, to: path)
    }
}

/// Targets that the tool can check, whatever they are stored as.
protocol CheckedTarget {
    static func check(_ targets: Span<Self>) throws(CrossEntropyError)
}

extension Float: CheckedTarget {
    static func check(_ targets: Span<Float>) throws(CrossEntropyError) {
        try BinaryCrossEntropy.check(targets: targets)
    }
}

extension Double: CheckedTarget {
    static func check(_ targets: Span<Double>) throws(CrossEntropyError) {
        try BinaryCrossEntropy.check(targets: targets)
    }
}

extension UInt8: CheckedTarget {
    static func check(_ targets: Span<UInt8>) throws(CrossEntropyError) {
        try BinaryCrossEntropy.check(targets: targets)
    }
}

extension CrossEntropyError {
    /// The same error with the index in the file instead of that in a chunk.
    fileprivate func movedBy(_ start: Int) -> CrossEntropyError {
        guard case .valueOutOfDomain(let argument, let index, let value, let domain) = self else {
            return self
        }
        return .valueOutOfDomain(argument: argument, index: index + start, value: value, domain: domain)
    }
}

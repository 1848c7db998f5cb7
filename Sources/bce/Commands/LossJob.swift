import CrossEntropy

/// One loss of two columns of values: checked, reduced chunk by chunk with a progress bar, and written on request.
struct LossJob {
    let options: BinaryCrossEntropy
    let logits: Bool
    let shape: [Int]
    let elementType: FloatingType
    let elementsTo: String?

    /// Elements between two steps of the progress bar: a few milliseconds of work that is read from a disk. Chunks
    /// are cut whether or not there is a bar, so that a terminal does not change a bit of the answer; it is within an
    /// ulp of the library's for one call.
    private static let chunk = 1 << 22

    func run<S: LossScalar, T: LossTarget & CheckedTarget>(
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
        var progress = Progress("adding losses", total: count)
        defer { progress.finish() }
        var total = ExactSum()
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

    /// Writes the losses in the type of the predictions' file, chunk by chunk.
    private func writeElements<S: LossScalar, T: LossTarget>(
        _ predictions: Span<S>, _ targets: Span<T>, to path: String
    ) throws {
        switch elementType {
        case .float:
            try writeElements(predictions, targets, NPYWriter(path, of: Float.self, shape: shape)) {
                S.self == Float.self ? $0 as! [Float] : $0.map { Float($0) }
            }
        case .double:
            try writeElements(predictions, targets, NPYWriter(path, of: Double.self, shape: shape)) {
                S.self == Double.self ? $0 as! [Double] : $0.map { Double($0) }
            }
        }
    }

    private func writeElements<S: LossScalar, T: LossTarget, E: NPYElement>(
        _ predictions: Span<S>, _ targets: Span<T>, _ writer: NPYWriter, _ converted: ([S]) -> [E]
    ) throws {
        let count = predictions.count
        var progress = Progress("writing losses", total: count)
        defer { progress.finish() }
        var losses: [S] = []
        for start in stride(from: 0, to: count, by: Self.chunk) {
            let range = start..<min(count, start + Self.chunk)
            if losses.count != range.count { losses = [S](repeating: 0, count: range.count) }
            var span = losses.mutableSpan
            let (p, t) = (predictions.extracting(range), targets.extracting(range))
            if logits {
                try options.writeLosses(logits: p, targets: t, into: &span)
            } else {
                try options.writeLosses(probabilities: p, targets: t, into: &span)
            }
            try writer.append(converted(losses))
            progress.advance(to: range.upperBound)
        }
        try writer.finish()
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

import CrossEntropy
import KernelLevels
import NaiveCrossEntropy

/// One way to do an operation, ready to be called on the data of a table.
struct Implementation {
    let name: String
    /// Words for people, for example which of two candidates a limit is.
    var note: String = ""
    /// Returns the sum of losses, the last of unreduced losses, or whatever a limit comes to.
    let call: () throws -> Double

    /// The naive loop and the limit, to which all others are compared.
    var isYardstick: Bool { name == Self.naive || name == Self.limit }

    /// Refuses to time what computes something else. The naive loop's own error is 1e-6 in Float, and a dot product
    /// in Float on a tile has more.
    static func checkAgreement(_ all: [Implementation]) throws {
        guard let reference = try all.first(where: { $0.name == naive })?.call() else { return }
        for implementation in all where !implementation.isYardstick {
            let result = try implementation.call()
            guard abs(result - reference) <= 1e-3 * abs(reference) else {
                throw Refusal("\(implementation.name) computes \(result) where naive has \(reference)")
            }
        }
    }

    static let naive = "naive"
    static let limit = "limit"

    /// The names of the rows of a table, in its order. Two candidates share the name `limit`; the faster becomes the row.
    static func names(_ operation: Operation) -> [String] {
        let all = Self.all(operation, Buffers<Float>(operation, count: 1), threads: 1).map(\.name)
        return all.enumerated().filter { all.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }

    static func all<S: BenchScalar>(
        _ operation: Operation, _ buffers: Buffers<S>, threads: Int
    ) -> [Implementation] {
        let library = BinaryCrossEntropy.exact.with(reduction: .sum)
        // The count is at least 1, which is all that the library checks.
        let vector = try! library.with(threads: threads == 1 ? .serial : .atMost(threads))
        var all = [Implementation(name: naive, call: naiveCall(operation, buffers))]
        all.append(Implementation(name: "vector", call: vectorCall(operation, buffers, vector)))
        for level in KernelLevel.available {
            all.append(
                Implementation(
                    name: "vector-\(level.rawValue)",
                    call: vectorCall(operation, buffers, vector.at(level: level))))
        }
        if !operation.isUnreduced {
            all.append(
                Implementation(
                    name: "vector-each", note: "a logarithm for each element",
                    call: eachCall(operation, buffers)))
        }
        if operation == .lossLogits {
            all.append(
                Implementation(
                    name: "blas", note: "softplus - \(S.self == Float.self ? "cblas_sdot" : "cblas_ddot")",
                    call: blasCall(buffers)))
        }
        return all + limits(operation, buffers, threads: threads)
    }
}

/// The loops of the reference, on one thread.
private func naiveCall<S: BenchScalar>(
    _ operation: Operation, _ buffers: Buffers<S>
) -> () throws -> Double {
    let naive = NaiveBinaryCrossEntropy()
    let (predictions, targets, output) = (buffers.predictions, buffers.targets, buffers.output)
    return switch operation {
    case .lossLogits:
        { naive.loss(logits: predictions.span, targets: targets.span) }
    case .lossProbabilities, .lossProbabilitiesSoft:
        { naive.loss(probabilities: predictions.span, targets: targets.span) }
    case .lossesLogits:
        {
            var losses = output.mutableSpan
            naive.writeLosses(logits: predictions.span, targets: targets.span, into: &losses)
            return Double(output.last!)
        }
    case .lossesProbabilities:
        {
            var losses = output.mutableSpan
            naive.writeLosses(probabilities: predictions.span, targets: targets.span, into: &losses)
            return Double(output.last!)
        }
    }
}

/// The library's public functions.
private func vectorCall<S: BenchScalar>(
    _ operation: Operation, _ buffers: Buffers<S>, _ vector: BinaryCrossEntropy
) -> () throws -> Double {
    let (predictions, targets, output) = (buffers.predictions, buffers.targets, buffers.output)
    return switch operation {
    case .lossLogits:
        { try vector.loss(logits: predictions.span, targets: targets.span) }
    case .lossProbabilities, .lossProbabilitiesSoft:
        { try vector.loss(probabilities: predictions.span, targets: targets.span) }
    case .lossesLogits:
        {
            var losses = output.mutableSpan
            try vector.writeLosses(logits: predictions.span, targets: targets.span, into: &losses)
            return Double(output.last!)
        }
    case .lossesProbabilities:
        {
            var losses = output.mutableSpan
            try vector.writeLosses(probabilities: predictions.span, targets: targets.span, into: &losses)
            return Double(output.last!)
        }
    }
}

import Foundation
internal import KernelLevels

/// One call: options, shapes checked, and the memory of the arguments for as long as the call lasts.
struct Evaluation {
    let options: BinaryCrossEntropy
    let domain: PredictionDomain
    let level: KernelLevel

    init(_ options: BinaryCrossEntropy, _ domain: PredictionDomain) throws(CrossEntropyError) {
        self.options = options
        self.domain = domain
        if let level = options.level { self.level = level } else { level = try KernelLevel.current() }
    }

    func reduced<S: LossScalar, T: LossTarget>(
        _ predictions: Span<S>, _ targets: Span<T>
    ) throws(CrossEntropyError) -> Double {
        try checkCount(targets.count, "targets", predictions.count)
        let plan = TilePlan(count: predictions.count, scalar: S._scalar.kind)
        let bounds = bounds(for: S.self)
        let threads = options.threads.threads(count: predictions.count)
        let sum = unsafe predictions.withUnsafeBufferPointer { predictions in
            unsafe targets.withUnsafeBufferPointer { targets in
                plan.sum(threads: threads) { range in
                    unsafe tile(predictions, targets, range, bounds).sum(level: level)
                }
            }
        }
        return options.reduction == .mean ? sum / Double(predictions.count) : sum
    }

    func write<S: LossScalar, T: LossTarget>(
        _ predictions: Span<S>, _ targets: Span<T>, into losses: inout MutableSpan<S>
    ) throws(CrossEntropyError) {
        try checkCount(targets.count, "targets", predictions.count)
        try checkCount(losses.count, "losses", predictions.count)
        let plan = TilePlan(count: predictions.count, scalar: S._scalar.kind)
        let bounds = bounds(for: S.self)
        let threads = options.threads.threads(count: predictions.count)
        unsafe losses.withUnsafeMutableBufferPointer { losses in
            unsafe predictions.withUnsafeBufferPointer { predictions in
                unsafe targets.withUnsafeBufferPointer { targets in
                    plan.run(threads: threads) { index in
                        let range = plan.range(index)
                        unsafe tile(predictions, targets, range, bounds).write(
                            into: UnsafeMutableRawPointer(losses.baseAddress! + range.lowerBound),
                            level: level)
                    }
                }
            }
        }
    }

    private func tile<S: LossScalar, T: LossTarget>(
        _ predictions: UnsafeBufferPointer<S>, _ targets: UnsafeBufferPointer<T>, _ range: Range<Int>,
        _ bounds: ProbabilityBounds?
    ) -> LossTile {
        unsafe LossTile(
            domain: domain, scalar: S._scalar.kind, targetStorage: T._targetStorage.storage, bounds: bounds,
            predictions: predictions.baseAddress! + range.lowerBound,
            targets: targets.baseAddress! + range.lowerBound, count: range.count)
    }

    private func checkCount(_ count: Int, _ argument: String, _ expected: Int) throws(CrossEntropyError) {
        guard count == expected else {
            throw .countMismatch(argument: argument, count: count, expected: expected)
        }
    }

    /// Frameworks clip in the element type: 1 - 1e-7 is 0.99999988 in Float.
    private func bounds<S: LossScalar>(for: S.Type) -> ProbabilityBounds? {
        guard domain == .probabilities else { return nil }
        return switch options.clipping {
        case .none: nil
        case .clipped(let epsilon):
            ProbabilityBounds(
                lower: Double(S(epsilon)), upper: Double(1 - S(epsilon)), logFloor: -.infinity, factorFloor: 0
            )
        case .logFloor(let floor):
            ProbabilityBounds(lower: -.infinity, upper: .infinity, logFloor: floor, factorFloor: exp(floor))
        }
    }
}

extension KernelLevel {
    /// The best level, or the one that `CROSS_ENTROPY_ISA` names.
    static func current() throws(CrossEntropyError) -> KernelLevel {
        guard let level = requested.level else {
            throw .unavailableInstructionSet(
                requested: requested.text, available: available.map(\.rawValue).joined(separator: ", "))
        }
        return level
    }
}

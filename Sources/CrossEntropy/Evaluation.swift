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

    func reduced(_ arguments: Arguments) throws(CrossEntropyError) -> Double {
        let count = unsafe arguments.count
        try unsafe checkCount(arguments.targetCount, "targets", count)
        let plan = unsafe TilePlan(count: count, scalar: arguments.scalar.kind)
        let bounds = unsafe bounds(for: arguments.scalar.kind)
        let sum = plan.sum(threads: options.threads.threads(count: count)) { range in
            unsafe arguments.tile(range, domain, bounds).sum(level: level)
        }
        return options.reduction == .mean ? sum / Double(count) : sum
    }

    func write(_ arguments: Arguments, into losses: UnsafeMutableRawBufferPointer) throws(CrossEntropyError) {
        let count = unsafe arguments.count
        let kind = unsafe arguments.scalar.kind
        try unsafe checkCount(arguments.targetCount, "targets", count)
        try checkCount(losses.count / kind.stride, "losses", count)
        let plan = TilePlan(count: count, scalar: kind)
        let bounds = bounds(for: kind)
        plan.run(threads: options.threads.threads(count: count)) { index in
            let range = plan.range(index)
            unsafe arguments.tile(range, domain, bounds).write(
                into: losses.baseAddress! + range.lowerBound * kind.stride, level: level)
        }
    }

    private func checkCount(_ count: Int, _ argument: String, _ expected: Int) throws(CrossEntropyError) {
        guard count == expected else {
            throw .countMismatch(argument: argument, count: count, expected: expected)
        }
    }

    private func bounds(for scalar: ScalarKind) -> ProbabilityBounds? {
        guard domain == .probabilities else { return nil }
        switch options.clipping {
        case .none: return nil
        case .clipped(let epsilon):
            // Frameworks clip in the element type: 1 - 1e-7 is 0.99999988 in Float.
            let (lower, upper) =
                scalar == .float
                ? (Double(Float(epsilon)), Double(1 - Float(epsilon))) : (epsilon, 1 - epsilon)
            return ProbabilityBounds(lower: lower, upper: upper, logFloor: -.infinity, factorFloor: 0)
        case .logFloor(let floor):
            return ProbabilityBounds(
                lower: -.infinity, upper: .infinity, logFloor: floor, factorFloor: exp(floor))
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

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport

/// One random call at every level of the machine, determined entirely by the seed and the number of the case.
struct FuzzCase {
    private var generator: SplitMix64
    private let problem: Problem
    private let kind: CallKind
    private let writesFloats: Bool
    private let edge: GuardedRegion.Edge

    init(seed: UInt64, number: UInt64) throws {
        // Two steps of the generator apart, so that different cases have nothing in common.
        var seeds = SplitMix64(seed: seed)
        generator = SplitMix64(seed: seeds.next() ^ number &* 0xD134_2543_DE82_EF95)
        edge = generator.chance(oneIn: 3) ? .afterGuard : .beforeGuard
        writesFloats = generator.chance(oneIn: 3)
        var drawn = try Problem(from: &generator)
        kind = Self.drawKind(&drawn, &generator)
        problem = drawn
    }

    /// A call that accepts such arguments. The forms that overwrite logits take only logits and targets.
    private static func drawKind(_ problem: inout Problem, _ generator: inout SplitMix64) -> CallKind {
        let kind = generator.pick(CallKind.allCases)
        switch kind {
        case .lossAndDerivatives where !problem.isLogits: return .lossAndGradient
        case .gradientOverLogits, .lossOverLogits:
            guard problem.isLogits, problem.predictionType == .float || problem.predictionType == .double,
                !problem.targetType.isBits
            else { return .lossAndGradient }
            problem.makePlain()
            return kind
        default: return kind
        }
    }

    func run(_ arena: Arena) throws {
        let comparison = Comparison(problem)
        for level in KernelLevel.available {
            do {
                try run(comparison, problem.options.at(level: level), arena)
                guard arena.isIntact else { throw BrokenPromise(description: "wrote beside a buffer") }
            } catch {
                throw BrokenPromise(
                    description: "\(error)\n  at level \(level.rawValue)\n\(self)")
            }
        }
    }

    private func run(_ comparison: Comparison, _ options: BinaryCrossEntropy, _ arena: Arena) throws {
        if let refusal = problem.refusal {
            return try runRefused(RefusedCall(expected: refusal), options, arena)
        }
        if kind == .accumulator {
            var generator = generator
            return try AccumulatorCheck(comparison: comparison, arena: arena, edge: edge).run(
                options, &generator)
        }
        let result = try answer(options, arena)
        try comparison.check(result, of: kind, writesFloats: writesFloats)
        if kind == .loss, let loss = result.loss {
            try SameBits(problem: problem, arena: arena, edge: edge).check(options, loss)
        }
    }

    private func answer(_ options: BinaryCrossEntropy, _ arena: Arena) throws -> CallResult {
        var call = LibraryCall(
            kind, options, scale: problem.scale, writesFloats: writesFloats, arena, edge)
        if kind == .gradientOverLogits || kind == .lossOverLogits {
            try call.runOverLogits(problem)
        } else {
            try PlacedProblem(problem, arena, edge).run(&call)
        }
        return call.result
    }

    private func runRefused(
        _ refused: RefusedCall, _ options: BinaryCrossEntropy, _ arena: Arena
    ) throws {
        guard kind == .accumulator else { return try refused.check { _ = try answer(options, arena) } }
        var total = LossAccumulator()
        try options.add(ArrayBatch(logits: [0.5] as [Float], targets: [true]), to: &total)
        try refused.check(PlacedProblem(problem, arena, edge), options, adding: total)
    }
}

extension FuzzCase: CustomStringConvertible {
    var description: String {
        let place = edge == .beforeGuard ? "before" : "after"
        return
            "  \(kind.rawValue)\(writesFloats ? " into Floats" : ""), buffers \(place) guard pages\n\(problem)"
    }
}

extension Problem {
    /// Removes strides, weights and the mask.
    fileprivate mutating func makePlain() {
        (weight, elementWeights, rowWeights, columnWeights, positiveWeights, mask) = (
            nil, nil, nil, nil, nil, nil
        )
        (predictionStride, targetStride) = (columns, columns)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// Arguments that, according to the documentation, do not change any bit of a reduced loss: weights of one, and a focal
/// factor with gamma 0 and no alpha; for the plain loss, also computing the gradient in the same pass.
struct SameBits {
    let problem: Problem
    let arena: Arena
    let edge: GuardedRegion.Edge

    func check(_ options: BinaryCrossEntropy, _ loss: Double) throws {
        func expectSame(_ other: Problem, _ options: BinaryCrossEntropy, _ kind: CallKind, _ what: String)
            throws
        {
            var call = LibraryCall(kind, options, scale: 1, writesFloats: false, arena, edge)
            try PlacedProblem(other, arena, edge).run(&call)
            guard let answer = call.result.loss, answer == loss || answer.isNaN && loss.isNaN else {
                let answer = call.result.loss.map { "\($0)" } ?? "nothing"
                throw BrokenPromise(description: "loss is \(loss), and \(answer) with \(what)")
            }
        }
        if problem.options.focal == nil {
            try expectSame(
                problem, options.with(focal: .init(gamma: 0)), .loss, "a focal factor that changes nothing")
        }
        for (name, path, count) in Self.weights where problem[keyPath: path] == nil {
            var other = problem
            other[keyPath: path] = WeightColumn(
                values: [Double](repeating: 1, count: problem[keyPath: count]), isFloat: true)
            try expectSame(other, options, .loss, "\(name) weights of one")
        }
        if !problem.isWeighted, problem.mask == nil, problem.hasPlainFormula, problem.isOfOneType {
            try expectSame(problem, options, .lossAndGradient, "its gradient in the same pass")
        }
    }

    nonisolated(unsafe) private static let weights:
        [(String, WritableKeyPath<Problem, WeightColumn?>, KeyPath<Problem, Int>)] = [
            ("element", \.elementWeights, \.count), ("row", \.rowWeights, \.rows),
            ("column", \.columnWeights, \.columns),
        ]
}

extension Problem {
    fileprivate var isOfOneType: Bool {
        guard case .numbers(let type) = targetType else { return false }
        return predictionType == .float && type == Float.self
            || predictionType == .double && type == Double.self
    }

    fileprivate var hasPlainFormula: Bool {
        options.clipping == .unclipped && options.labelSmoothing == 0 && options.focal == nil
            && options.missingTargets == .never
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

extension Problem {
    /// The error that every call throws for the first element that counts and is outside [0, 1]
    /// (`BinaryCrossEntropy.DomainChecks`).
    var refusal: CrossEntropyError? {
        for index in 0..<count where counts(index) {
            if Self.isOutside(targets[index]) { return refusal("targets", index, targets[index]) }
            if checksPredictions, Self.isOutside(predictions[index]) {
                return refusal("probabilities", index, predictions[index])
            }
        }
        return nil
    }

    private var checksPredictions: Bool {
        guard !isLogits else { return false }
        switch options.clipping {
        case .unclipped, .logFloor: return true
        case .clipped, .clippedTwice, .machineEpsilon: return options.focal.map { $0.gamma != 0 } ?? false
        }
    }

    private func refusal(_ argument: String, _ index: Int, _ value: Double) -> CrossEntropyError {
        .valueOutOfDomain(argument: argument, index: index, value: value, domain: "[0, 1]")
    }

    private static func isOutside(_ number: Double) -> Bool { number < 0 || number > 1 }
}

/// A call that must throw an error and must not change an accumulator.
struct RefusedCall {
    let expected: CrossEntropyError

    func check(_ call: () throws -> Void) throws {
        do {
            try call()
        } catch let error as CrossEntropyError where error == expected {
            return
        }
        throw BrokenPromise(description: "answered, expected: \(expected)")
    }

    func check(
        _ batch: PlacedProblem, _ options: BinaryCrossEntropy, adding total: LossAccumulator
    ) throws {
        var addition = Addition(options: options, total: total)
        try check { try batch.run(&addition) }
        guard addition.total == total else {
            throw BrokenPromise(description: "changed an accumulator, and threw \(expected)")
        }
    }
}

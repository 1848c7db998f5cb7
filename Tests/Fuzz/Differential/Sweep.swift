// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport

/// Goes through the Floats in order, taking every `stride`-th one: as predictions that are all equal, so that their
/// roundings do not average out, and individually. Prints how close each result comes to its bound, and where.
struct Sweep {
    let stride: Int
    let arena = Arena()

    func run() throws {
        for level in KernelLevel.available {
            for isLogits in [true, false] {
                for (name, options, weight) in try Self.formulas() {
                    for target in [0, 1, 0.3] {
                        let what = "\(isLogits ? "logits" : "probabilities"), \(name), target \(target)"
                        let problem = Problem(isLogits, target, options.at(level: level), weight)
                        let alike = try closest { try sweepAlike(problem) }
                        let apart = try closest { try sweepApart(problem) }
                        print("\(level.rawValue) \(what)\n  alike: \(alike)\n  apart: \(apart)")
                    }
                }
            }
        }
    }

    private static func formulas() throws -> [(String, BinaryCrossEntropy, Double?)] {
        let plain = try BinaryCrossEntropy(threads: .serial)
        return [
            ("plain", plain, nil), ("weight", plain, 1.7),
            ("smoothing", try plain.with(labelSmoothing: 0.1), nil),
            ("positive weight", try plain.with(positiveWeight: 3), nil),
            ("focal 2", try plain.with(focal: .init(gamma: 2, alpha: 0.25)), nil),
            ("focal 1.5", try plain.with(focal: .init(gamma: 1.5)), nil),
            ("focal 1.7", try plain.with(focal: .init(gamma: 1.7)), nil),
        ]
    }

    private func closest(_ body: () throws -> Void) rethrows -> String {
        ClosestCall.worst = nil
        try body()
        return ClosestCall.worst.map { "\($0.ratio) of the bound, \($0.what)" } ?? "exact"
    }

    /// Uses sixty-four elements of each value.
    private func sweepAlike(_ problem: Problem) throws {
        try forEachBlock(of: 1, problem) { values in
            var alike = problem
            alike.setPredictions([Double](repeating: values[0], count: 64))
            var one = problem
            one.setPredictions(values)
            let element = Expected(one).elements[0]
            try check(alike, Expected(alike, [ReferenceElement?](repeating: element, count: 64)), .loss) {
                "\($0) at \(values[0])"
            }
        }
    }

    private func sweepApart(_ problem: Problem) throws {
        try forEachBlock(of: 1024, problem) { values in
            var apart = problem
            apart.setPredictions(values)
            let expected = Expected(apart)
            try check(apart, expected, .losses) { $0 }
            try check(apart, expected, problem.isLogits ? .lossAndDerivatives : .lossAndGradient) { $0 }
        }
    }

    private func check(
        _ problem: Problem, _ expected: Expected, _ kind: CallKind, _ name: (String) -> String
    ) throws {
        var call = LibraryCall(kind, problem.options, scale: 1, writesFloats: false, arena, .beforeGuard)
        try PlacedProblem(problem, arena, .beforeGuard).run(&call)
        let before = ClosestCall.worst
        do {
            try Comparison(problem, expected).check(call.result, of: kind, writesFloats: false)
        } catch let difference as Difference {
            print("beyond: \(name(difference.description)), target \(problem.targets[0]), \(problem.options)")
        }
        if let worst = ClosestCall.worst, worst.ratio > before?.ratio ?? 0 {
            ClosestCall.worst = ClosestCall(ratio: worst.ratio, what: name(worst.what))
        }
    }

    /// Logits of either sign from 2^-40 to 128, and probabilities from 2^-130 to 1.
    private func forEachBlock(
        of size: Int, _ problem: Problem, _ body: ([Double]) throws -> Void
    ) rethrows {
        let range: ClosedRange<Float> = problem.isLogits ? 0x1p-40...128 : 0x1p-130...1
        let bits = Int(range.lowerBound.bitPattern)...Int(range.upperBound.bitPattern)
        for sign in problem.isLogits ? [1.0, -1] : [1] {
            var block: [Double] = []
            for pattern in Swift.stride(from: bits.lowerBound, through: bits.upperBound, by: stride) {
                block.append(sign * Double(Float(bitPattern: UInt32(pattern))))
                if block.count == size {
                    try body(block)
                    block.removeAll(keepingCapacity: true)
                }
            }
        }
    }
}

extension Problem {
    fileprivate init(_ isLogits: Bool, _ target: Double, _ options: BinaryCrossEntropy, _ weight: Double?) {
        (self.isLogits, predictionType, targetType) = (isLogits, .float, .numbers(Float.self))
        (rows, columns, predictionStride, targetStride) = (1, 0, 0, 0)
        (predictions, targets) = ([], [Double(Float(target))])
        (self.options, self.weight, scale, maskType) = (options, weight, 1, .bool)
    }

    fileprivate mutating func setPredictions(_ values: [Double]) {
        predictions = values
        targets = [Double](repeating: targets[0], count: values.count)
        (columns, predictionStride, targetStride) = (values.count, values.count, values.count)
    }
}

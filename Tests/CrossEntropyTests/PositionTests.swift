// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// What is computed for an element does not depend on its position. Kernels process most elements in loops over 64, 32
/// or 16 of them, and the rest in a loop that has every option.
final class PositionTests: XCTestCase {
    private func check<S: LossScalar>(_ type: S.Type, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let count = 150
        let x = (0..<count).map { _ in S(Double.random(in: -9...9, using: &random)) }
        let t = (0..<count).map { _ in S(Int.random(in: 0...1, using: &random)) }
        let soft = (0..<count).map { _ in S(Double.random(in: 0...1, using: &random)) }
        let weights = (0..<count).map { _ in S(Double.random(in: 0.5...2, using: &random)) }
        let mask = (0..<count).map { _ in Int.random(in: 0...4, using: &random) > 0 }
        let sum = BinaryCrossEntropy.exact.with(reduction: .sum)
        let options: [(String, BinaryCrossEntropy, targets: [S])] = [
            ("plain", sum, soft),
            ("smoothing", try BinaryCrossEntropy(reduction: .sum, labelSmoothing: 0.1), soft),
            ("positive weight", try BinaryCrossEntropy(reduction: .sum, positiveWeight: 3), soft),
            ("focal, gamma 2", try sum.with(focal: .init(gamma: 2)), t),
            ("focal, gamma 1.5", try sum.with(focal: .init(gamma: 1.5)), t),
            ("focal, gamma 1.7", try sum.with(focal: .init(gamma: 1.7)), t),
        ]
        for level in KernelLevel.available {
            for (name, options, targets) in options {
                let loss = options.at(level: level)
                let message = "\(name), \(type), \(level), seed \(seed)"
                let whole = try LossBatch(logits: x.span, targets: targets.span)
                let weighted = try whole.weighted(byElement: weights.span)
                let masked = try weighted.masked(by: mask.span)
                let losses = try [loss.losses(whole), loss.losses(weighted), loss.losses(masked)]
                let gradients = try [loss.gradient(whole), loss.gradient(weighted), loss.gradient(masked)]
                for index in 0..<count {
                    let (one, target) = ([x[index]], [targets[index]])
                    let (weight, counts) = ([weights[index]], [mask[index]])
                    let alone = try LossBatch(logits: one.span, targets: target.span)
                    let weightedAlone = try alone.weighted(byElement: weight.span)
                    let maskedAlone = try weightedAlone.masked(by: counts.span)
                    XCTAssertEqual(try loss.losses(alone)[0], losses[0][index], message)
                    XCTAssertEqual(try loss.losses(weightedAlone)[0], losses[1][index], message)
                    XCTAssertEqual(try loss.losses(maskedAlone)[0], losses[2][index], message)
                    XCTAssertEqual(try loss.gradient(alone)[0], gradients[0][index], message)
                    XCTAssertEqual(try loss.gradient(weightedAlone)[0], gradients[1][index], message)
                    XCTAssertEqual(try loss.gradient(maskedAlone)[0], gradients[2][index], message)
                }
            }
        }
    }

    func test_lossesAndGradients_anyPosition_areThoseOfTheElementAlone() throws {
        try check(Float.self, seed: 91)
        try check(Double.self, seed: 92)
    }

    func test_loss_negativeZeroAsTarget_isAccepted() throws {
        let x = (0..<100).map { Float($0) / 10 - 5 }
        let (zeros, negativeZeros) = ([Float](repeating: 0, count: 100), [Float](repeating: -0.0, count: 100))
        for level in KernelLevel.available {
            let loss = BinaryCrossEntropy.exact.at(level: level)
            XCTAssertEqual(
                try loss.loss(logits: x, targets: negativeZeros), try loss.loss(logits: x, targets: zeros))
            XCTAssertEqual(
                try loss.gradient(logits: x, targets: negativeZeros),
                try loss.gradient(logits: x, targets: zeros))
        }
    }
}

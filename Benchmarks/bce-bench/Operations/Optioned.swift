// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import NaiveCrossEntropy

private let plainLoop = NaiveBinaryCrossEntropy()

extension Operation {
    /// Operations that return one number, with an option that changes the formula.
    static var optioned: [Operation] {
        [
            Operation(
                name: "loss.logits-weighted", domain: .logits, isWeighted: true,
                naive: {
                    plainLoop.loss(
                        logits: $0.predictions.span, targets: $0.targets.span, weights: $0.weights.span)
                },
                vector: {
                    try $1.loss(
                        LossBatch(logits: $0.predictions.span, targets: $0.targets.span)
                            .weighted(byElement: $0.weights.span))
                },
                others: [.lossesDotWeights]),
            Operation(
                name: "loss.logits-smoothed", domain: .logits,
                naive: {
                    plainLoop.loss(logits: $0.predictions.span, targets: $0.targets.span, smoothing: 0.1)
                },
                vector: {
                    try $1.with(labelSmoothing: 0.1)
                        .loss(logits: $0.predictions.span, targets: $0.targets.span)
                }),
            Operation(
                name: "loss.probabilities-smoothed", domain: .probabilities,
                naive: {
                    plainLoop.loss(
                        probabilities: $0.predictions.span, targets: $0.targets.span, smoothing: 0.1)
                },
                vector: {
                    try $1.with(labelSmoothing: 0.1)
                        .loss(probabilities: $0.predictions.span, targets: $0.targets.span)
                }),
            Operation(
                name: "loss.logits-focal", domain: .logits,
                naive: {
                    plainLoop.focalLoss(
                        logits: $0.predictions.span, targets: $0.targets.span, gamma: 2, alpha: 0.25)
                },
                vector: {
                    try $1.with(focal: .init(gamma: 2, alpha: 0.25))
                        .loss(logits: $0.predictions.span, targets: $0.targets.span)
                }),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import NaiveCrossEntropy

private let plainLoop = NaiveBinaryCrossEntropy()

extension Operation {
    /// Operations that return one number, for predictions and for targets in every storage format.
    static var reductions: [Operation] {
        [
            Operation(
                name: "loss.logits", domain: .logits,
                naive: { plainLoop.loss(logits: $0.predictions.span, targets: $0.targets.span) },
                vector: { try $1.loss(logits: $0.predictions.span, targets: $0.targets.span) },
                others: [.logarithmEach(.logits), .softplusLessDot]),
            Operation(
                name: "loss.logits-uint8", domain: .logits, targets: .bytes,
                naive: { plainLoop.loss(logits: $0.predictions.span, byteTargets: $0.targetBytes.span) },
                vector: { try $1.loss(logits: $0.predictions.span, targets: $0.targetBytes.span) }),
            Operation(
                name: "loss.logits-bits", domain: .logits, targets: .bits,
                naive: { plainLoop.loss(logits: $0.predictions.span, packedTargets: $0.targetBytes.span) },
                vector: {
                    try $1.loss(LossBatch(logits: $0.predictions.span, packedTargets: $0.targetBytes.span))
                }),
            Operation(
                name: "loss.probabilities", domain: .probabilities,
                naive: { plainLoop.loss(probabilities: $0.predictions.span, targets: $0.targets.span) },
                vector: { try $1.loss(probabilities: $0.predictions.span, targets: $0.targets.span) },
                others: [.logarithmEach(.probabilities)]),
            Operation(
                name: "loss.probabilities-soft", domain: .probabilities, targets: .soft,
                naive: { plainLoop.loss(probabilities: $0.predictions.span, targets: $0.targets.span) },
                vector: { try $1.loss(probabilities: $0.predictions.span, targets: $0.targets.span) },
                others: [.logarithmEach(.probabilities)]),
            Operation(
                name: "loss.probabilities-uint8", domain: .probabilities, targets: .bytes,
                naive: {
                    plainLoop.loss(probabilities: $0.predictions.span, byteTargets: $0.targetBytes.span)
                },
                vector: { try $1.loss(probabilities: $0.predictions.span, targets: $0.targetBytes.span) }),
            Operation(
                name: "loss.probabilities-bits", domain: .probabilities, targets: .bits,
                naive: {
                    plainLoop.loss(probabilities: $0.predictions.span, packedTargets: $0.targetBytes.span)
                },
                vector: {
                    try $1.loss(
                        LossBatch(probabilities: $0.predictions.span, packedTargets: $0.targetBytes.span))
                }),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import NaiveCrossEntropy

private let plainLoop = NaiveBinaryCrossEntropy()

extension Operation {
    /// Operations with one result per element, with or without the loss. Those that do not return a loss return the
    /// last element.
    static var written: [Operation] {
        [
            Operation(
                name: "losses.logits", domain: .logits, outputs: 1,
                naive: {
                    var losses = $0.first.mutableSpan
                    plainLoop.writeLosses(
                        logits: $0.predictions.span, targets: $0.targets.span, into: &losses)
                    return $0.lastWritten
                },
                vector: {
                    var losses = $0.first.mutableSpan
                    try $1.writeLosses(logits: $0.predictions.span, targets: $0.targets.span, into: &losses)
                    return $0.lastWritten
                }),
            Operation(
                name: "losses.probabilities", domain: .probabilities, outputs: 1,
                naive: {
                    var losses = $0.first.mutableSpan
                    plainLoop.writeLosses(
                        probabilities: $0.predictions.span, targets: $0.targets.span, into: &losses)
                    return $0.lastWritten
                },
                vector: {
                    var losses = $0.first.mutableSpan
                    try $1.writeLosses(
                        probabilities: $0.predictions.span, targets: $0.targets.span, into: &losses)
                    return $0.lastWritten
                }),
            Operation(
                name: "gradient.logits", domain: .logits, outputs: 1,
                naive: {
                    var gradient = $0.first.mutableSpan
                    plainLoop.writeGradient(
                        logits: $0.predictions.span, targets: $0.targets.span, into: &gradient)
                    return $0.lastWritten
                },
                vector: {
                    var gradient = $0.first.mutableSpan
                    try $1.writeGradient(
                        logits: $0.predictions.span, targets: $0.targets.span, into: &gradient)
                    return $0.lastWritten
                }),
            Operation(
                name: "loss-gradient.logits", domain: .logits, outputs: 1,
                naive: {
                    var gradient = $0.first.mutableSpan
                    return plainLoop.loss(
                        logits: $0.predictions.span, targets: $0.targets.span, writingGradientInto: &gradient)
                },
                vector: {
                    var gradient = $0.first.mutableSpan
                    return try $1.loss(
                        logits: $0.predictions.span, targets: $0.targets.span, writingGradientInto: &gradient)
                }),
            Operation(
                name: "loss-gradient-hessian.logits", domain: .logits, outputs: 2,
                naive: {
                    var gradient = $0.first.mutableSpan
                    var hessian = $0.second.mutableSpan
                    return plainLoop.loss(
                        logits: $0.predictions.span, targets: $0.targets.span,
                        writingGradientInto: &gradient, hessianDiagonal: &hessian)
                },
                vector: {
                    var gradient = $0.first.mutableSpan
                    var hessian = $0.second.mutableSpan
                    return try $1.loss(
                        LossBatch(logits: $0.predictions.span, targets: $0.targets.span),
                        writingGradientInto: &gradient, hessianDiagonal: &hessian)
                }),
            Operation(
                name: "gradient.probabilities", domain: .probabilities, outputs: 1,
                naive: {
                    var gradient = $0.first.mutableSpan
                    plainLoop.writeGradient(
                        probabilities: $0.predictions.span, targets: $0.targets.span, into: &gradient)
                    return $0.lastWritten
                },
                vector: {
                    var gradient = $0.first.mutableSpan
                    try $1.writeGradient(
                        LossBatch(probabilities: $0.predictions.span, targets: $0.targets.span),
                        into: &gradient)
                    return $0.lastWritten
                }),
        ]
    }
}

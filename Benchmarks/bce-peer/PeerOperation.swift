// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// An operation of `Scripts/peers/workload.py`: a formula and the requested results.
struct PeerOperation {
    enum Formula: String {
        case probabilities
        case softProbabilities = "soft-probabilities"
        case logits
        case positiveWeight = "positive-weight"
        case columnPositiveWeights = "column-positive-weights"
        case mask
        case missing
        case weights
        case rowWeights = "row-weights"
        case columnWeights = "column-weights"
        case smoothing
        case focal
        case focalWithRoot = "focal-1.5"
    }

    enum Output {
        case loss
        case losses
        case gradient
        case lossAndGradient
        case report

        /// Whether a call writes a number for each element.
        var isWritten: Bool { self != .loss && self != .report }
    }

    let formula: Formula
    let output: Output
    let loss: BinaryCrossEntropy

    init(_ name: Substring, threads: BinaryCrossEntropy.ThreadPolicy) throws {
        let suffix = "-gradient"
        let wantsGradient = name.hasSuffix(suffix)
        let ofPlainLogits: [Substring: Output] = ["unreduced": .losses, "report": .report]
        let stem =
            ofPlainLogits[name] != nil
            ? "logits" : String(wantsGradient ? name.dropLast(suffix.count) : name)
        guard let formula = Formula(rawValue: stem) else { throw PeerError.usage }
        let ofProbabilities = formula == .probabilities || formula == .softProbabilities
        self.formula = formula
        output =
            ofPlainLogits[name]
            ?? (!wantsGradient ? .loss : ofProbabilities ? .gradient : .lossAndGradient)
        loss = try Self.options(formula).with(threads: threads)
    }

    /// The parameter values of `Scripts/peers/formulas.py`.
    private static func options(_ formula: Formula) throws -> BinaryCrossEntropy {
        switch formula {
        case .positiveWeight: try BinaryCrossEntropy(positiveWeight: 3)
        case .missing: try BinaryCrossEntropy(missingTargets: .nan)
        case .smoothing: try BinaryCrossEntropy(labelSmoothing: 0.1)
        case .focal: try BinaryCrossEntropy(focal: .init(gamma: 2, alpha: 0.25))
        case .focalWithRoot: try BinaryCrossEntropy(focal: .init(gamma: 1.5, alpha: 0.25))
        default: .exact
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// An operation of `Scripts/peers/workload.py`: a formula and the requested results.
struct PeerOperation {
    enum Formula: String {
        case probabilities
        case softProbabilities = "soft-probabilities"
        case logits
        case positiveWeight = "positive-weight"
        case mask
        case weights
        case columnWeights = "column-weights"
        case smoothing
        case focal
    }

    enum Output {
        case loss
        case losses
        case gradient
        case lossAndGradient
    }

    let formula: Formula
    let output: Output
    let loss: BinaryCrossEntropy

    init(_ name: Substring, threads: BinaryCrossEntropy.ThreadPolicy) throws {
        let suffix = "-gradient"
        let wantsGradient = name.hasSuffix(suffix)
        let wantsLosses = name == "unreduced"
        let stem = wantsLosses ? "logits" : String(wantsGradient ? name.dropLast(suffix.count) : name)
        guard let formula = Formula(rawValue: stem) else { throw PeerError.usage }
        let ofProbabilities = formula == .probabilities || formula == .softProbabilities
        self.formula = formula
        output =
            wantsLosses ? .losses : !wantsGradient ? .loss : ofProbabilities ? .gradient : .lossAndGradient
        loss = try Self.options(formula).with(threads: threads)
    }

    /// The parameter values of `Scripts/peers/formulas.py`.
    private static func options(_ formula: Formula) throws -> BinaryCrossEntropy {
        switch formula {
        case .positiveWeight: try BinaryCrossEntropy(positiveWeight: 3)
        case .smoothing: try BinaryCrossEntropy(labelSmoothing: 0.1)
        case .focal: try BinaryCrossEntropy(focal: .init(gamma: 2, alpha: 0.25))
        default: .exact
        }
    }
}

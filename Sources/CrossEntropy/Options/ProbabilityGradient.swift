// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension BinaryCrossEntropy {
    /// How the gradient with respect to a probability is computed near 0 and 1. A and B are the coefficients of -ln p
    /// and -ln(1 - p): t and 1 - t for the plain loss.
    public enum ProbabilityGradient: Sendable, Equatable {
        /// The derivative of the reported loss: -A/p + B/(1 - p), and 0 where a bound holds the loss constant, so that
        /// nothing is learned from a clipped prediction (Keras).
        case derivative
        /// -A/max(p, epsilon) + B/max(1 - p, epsilon): large but finite for a certain and wrong prediction, and 1 (or
        /// -1), its limit, for a certain and right one.
        case boundedFactors(epsilon: Double)
        /// (B p - A (1 - p)) / max(p (1 - p), epsilon): 0 for a certain and right prediction (PyTorch with epsilon
        /// 1e-12).
        case boundedProduct(epsilon: Double)

        func checked() throws(CrossEntropyError) -> ProbabilityGradient {
            switch self {
            case .derivative: break
            case .boundedFactors(let epsilon), .boundedProduct(let epsilon):
                guard epsilon > 0, epsilon < 1 else {
                    throw .invalidOption(
                        option: "probabilityGradient.epsilon", value: epsilon, allowed: "a number in (0, 1)")
                }
            }
            return self
        }

        func derive(_ formula: inout Formula) {
            switch self {
            case .derivative: formula.gradientRule = .derivative
            case .boundedFactors(let epsilon):
                (formula.gradientRule, formula.gradientFloor) = (.boundedFactors, epsilon)
            case .boundedProduct(let epsilon):
                (formula.gradientRule, formula.gradientFloor) = (.boundedProduct, epsilon)
            }
        }
    }

    /// Which targets are treated as missing. An element with a missing target counts neither in a sum nor in a divisor,
    /// and its derivatives are 0.
    public enum MissingTargets: Sendable, Equatable {
        /// No target is missing; a NaN target gives NaN.
        case never
        case nan
        /// Targets equal to this number, rounded to the targets' type, are missing. It must be outside [0, 1], such as -1;
        /// if it is rounded to a number inside, or to infinity, no target is missing. Integer targets beyond 2^53 are
        /// rounded to Double before they are compared.
        case value(Double)

        func checked() throws(CrossEntropyError) -> MissingTargets {
            if case .value(let value) = self, !value.isFinite || (0...1).contains(value) {
                throw .invalidOption(
                    option: "missingTargets", value: value, allowed: "a finite number outside [0, 1]")
            }
            return self
        }

        /// - Parameter targets: the type of the targets. A program that stores -1.1 in Float targets has stored the nearest
        ///   Float, so that is what is missing. A value such as 1 + 1e-12, which becomes a label in that way, is not used.
        func leaveOut(of formula: inout Formula, _ targets: DType) {
            switch self {
            case .never: break
            case .nan: formula.nanIsMissing = true
            case .value(let value):
                let nearest = targets.nearest(value)
                formula.missingValue = (0...1).contains(nearest) || nearest.isInfinite ? .nan : nearest
            }
        }
    }
}

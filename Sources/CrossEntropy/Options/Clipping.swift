// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension BinaryCrossEntropy {
    /// How probabilities that are certain and wrong are treated. Logits need no clipping.
    public enum Clipping: Sendable, Equatable {
        /// The loss of a certain and wrong prediction is infinite.
        case unclipped
        /// The probability is clamped to [epsilon, 1 - epsilon], with both bounds computed in the element type (Keras).
        /// 0 < epsilon < 0.5.
        case clipped(epsilon: Double)
        /// The same, and epsilon is also added to p and 1 - p inside the logarithms (Keras 2).
        case clippedTwice(epsilon: Double)
        /// `clipped` with the machine epsilon, the distance from 1 to the next number of the element type: 2^-23 or
        /// 2^-52 (scikit-learn).
        case machineEpsilon
        /// Logarithms are clamped to at least this value, which must be negative (PyTorch: -100).
        case logFloor(Double)

        func checked() throws(CrossEntropyError) -> Clipping {
            switch self {
            case .unclipped, .machineEpsilon: break
            case .clipped(let epsilon), .clippedTwice(let epsilon):
                guard epsilon > 0, epsilon < 0.5 else {
                    throw .invalidOption(
                        option: "clipping.epsilon", value: epsilon, allowed: "a number in (0, 0.5)")
                }
            case .logFloor(let floor):
                guard floor < 0, floor.isFinite else {
                    throw .invalidOption(option: "logFloor", value: floor, allowed: "a finite number below 0")
                }
            }
            return self
        }

        /// Sets the bounds of a formula for probabilities of the given type.
        func bound(_ formula: inout Formula, _ type: DType) {
            formula.isBounded = self != .unclipped
            switch self {
            case .unclipped: break
            case .clipped(let epsilon):
                (formula.lower, formula.upper) = Self.limits(epsilon, type)
            case .clippedTwice(let epsilon):
                (formula.lower, formula.upper) = Self.limits(epsilon, type)
                formula.added = epsilon
            case .machineEpsilon:
                (formula.lower, formula.upper) = Self.limits(type == .double ? 0x1p-52 : 0x1p-23, type)
            case .logFloor(let floor):
                (formula.logFloor, formula.factorFloor) = (floor, exp(floor))
            }
        }

        /// Frameworks clip in the element type: 1 - 1e-7 is 0.99999988 in Float.
        private static func limits(_ epsilon: Double, _ type: DType) -> (Double, Double) {
            type == .double ? (epsilon, 1 - epsilon) : (Double(Float(epsilon)), Double(1 - Float(epsilon)))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// Whether predictions are logits or probabilities.
package enum PredictionDomain: Sendable { case logits, probabilities }

extension Formula {
    /// The plain formula, without bounds.
    package init(_ domain: PredictionDomain) {
        self.init()
        makePlain(domain)
    }

    /// Makes this the plain formula. For a caller that changes it next: the result of an initializer would be copied.
    package mutating func makePlain(_ domain: PredictionDomain) {
        self = Formula()
        isProbability = domain == .probabilities
        (keep, weight, positiveWeight, scale) = (1, 1, 1, 1)
        (alphaPositive, alphaNegative) = (1, 1)
        missingValue = .nan
        (lower, upper, logFloor) = (-.infinity, .infinity, -.infinity)
        (saturatedBelow, saturatedAbove) = (-.infinity, .infinity)
    }

    package static let plainLogits = Formula(.logits)
    package static let plainProbabilities = Formula(.probabilities)

    package var domain: PredictionDomain { isProbability ? .probabilities : .logits }

    package func isMissing(_ target: Double) -> Bool {
        nanIsMissing && target.isNaN || target == missingValue
    }

    /// Multiplies the weight of all elements by a power of two.
    package mutating func weigh(timesTwoTo exponent: Int) {
        weight *= Double(sign: .plus, exponent: exponent, significand: 1)
    }
}

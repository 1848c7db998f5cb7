// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// Whether predictions are logits or probabilities.
package enum PredictionDomain: Sendable { case logits, probabilities }

extension Formula {
    /// The plain formula, without bounds.
    package init(_ domain: PredictionDomain) {
        self.init()
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

    /// Whether the loss is -(t log p + (1 - t) log(1 - p)) with bounds on p and nothing else.
    package var isPlain: Bool {
        !isWeighted && !isFocal && halfSmoothing == 0 && !hasMissing && added == 0
    }

    package var hasMissing: Bool { nanIsMissing || !missingValue.isNaN }

    package func isMissing(_ target: Double) -> Bool {
        nanIsMissing && target.isNaN || target == missingValue
    }

    /// Whether losses have a factor that may be any number.
    package var isWeighted: Bool { weight != 1 || positiveWeight != 1 }

    /// Multiplies the weight of all elements by a power of two.
    package mutating func weigh(timesTwoTo exponent: Int) {
        weight *= Double(sign: .plus, exponent: exponent, significand: 1)
    }

    /// Whether all constants of the formula, and the products of any two of them, are 0 or normal Floats.
    var fitsFloat: Bool {
        func fits(_ number: Double) -> Bool {
            number == 0 || number.magnitude > 0x1p-40 && number.magnitude < 0x1p40
        }
        return fits(weight) && fits(positiveWeight) && fits(keep) && fits(halfSmoothing)
            && fits(alphaPositive)
            && fits(alphaNegative)
    }

    /// Whether the scale of derivatives is 0 or a normal Float, and so are its products with weights in routes that are
    /// not exact (2^60 at most).
    var scaleFitsFloat: Bool {
        let size = scale.magnitude
        return size == 0 || size >= Double(Float.leastNormalMagnitude) && size <= 0x1p60
    }
}

// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

extension BinaryCrossEntropy {
    /// Stores the options in the form that the kernels take: in place, because a copy of so many numbers that have just
    /// been stored takes longer than storing them.
    package func set(
        _ formula: inout Formula, _ domain: PredictionDomain, _ result: DType, targets: DType,
        weight: Double = 1, scale: Double = 1
    ) {
        formula.makePlain(domain)
        if domain == .probabilities { clipping.bound(&formula, result) }
        (formula.keep, formula.halfSmoothing) = (1 - labelSmoothing, labelSmoothing / 2)
        (formula.weight, formula.positiveWeight, formula.scale) = (weight, positiveWeight, scale)
        if let focal, focal.gamma != 0 || focal.alpha != nil {
            (formula.isFocal, formula.gamma) = (true, focal.gamma)
            formula.alphaPositive = focal.alpha ?? 1
            formula.alphaNegative = focal.alpha.map { 1 - $0 } ?? 1
        }
        missingTargets.leaveOut(of: &formula, targets)
        probabilityGradient.derive(&formula)
        let certain = Self.certain(domain, result)
        (formula.saturatedBelow, formula.saturatedAbove) = (certain.lowerBound, certain.upperBound)
    }

    /// Predictions outside this range are 0 or 1 as probabilities of the element type. For logits, 1 / (1 + e^-x)
    /// rounds to 1 if e^-x is below half a unit in the last place of 1, and to 0 if e^x is below half the smallest
    /// positive number.
    private static func certain(
        _ domain: PredictionDomain, _ result: DType
    ) -> ClosedRange<Double> {
        guard domain == .logits else {
            return result == .double
                ? Double.leastNonzeroMagnitude...1.0.nextDown
                : Double(Float.leastNonzeroMagnitude)...Double((1 as Float).nextDown)
        }
        if result == .double { return -1075 * ln2...54 * ln2 }
        // Rounded inwards to Floats, so that comparing with the Float is equivalent to comparing with the exact bound:
        // -103.97207708, 17.32867951.
        return -0x1.9fe368p+6...0x1.154244p+4
    }

    private static let ln2 = 0x1.62e42fefa39efp-1
}

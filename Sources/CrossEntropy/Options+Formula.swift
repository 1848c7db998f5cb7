// SPDX-License-Identifier: Apache-2.0

import Foundation
package import KernelLevels

extension BinaryCrossEntropy {
    /// The options as the kernels take them. What changes nothing is left out, so that the plain formula is known as such.
    package func formula(
        _ domain: PredictionDomain, _ result: ElementStorage, weight: Double = 1
    ) -> LossFormula {
        var formula = LossFormula(domain, bounds: domain == .logits ? nil : clipping.bounds(for: result))
        if labelSmoothing != 0 { formula.smooth(labelSmoothing) }
        if weight != 1 || positiveWeight != 1 { formula.weigh(by: weight, positive: positiveWeight) }
        if let focal, focal.gamma != 0 || focal.alpha != nil {
            formula.focus(gamma: focal.gamma, alpha: focal.alpha)
        }
        formula.leaveOut(missingTargets.rule)
        formula.derive(probabilityGradient.rule)
        let certain = Self.certain(domain, result)
        formula.saturate(below: certain.lowerBound, above: certain.upperBound)
        return formula
    }

    /// Predictions outside are 0 or 1 as probabilities of the element type: for logits, 1 / (1 + e^-x) rounds to 1
    /// where e^-x is below half a unit in the last place of 1, and to 0 where e^x is below half the smallest number.
    private static func certain(
        _ domain: PredictionDomain, _ result: ElementStorage
    ) -> ClosedRange<Double> {
        guard domain == .logits else { return Double.leastNonzeroMagnitude...1.0.nextDown }
        return result == .double ? -1075 * ln2...54 * ln2 : -150 * ln2...25 * ln2
    }

    private static let ln2 = log(2.0)
}

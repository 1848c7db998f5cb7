// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels
import Foundation
import TestSupport

/// The loss of one element and its derivatives, written directly from the definition in 80 bits.
struct Definition {
    let formula: Formula

    /// Loss, gradient and Hessian; all are 0 if the element does not count.
    func loss(
        _ prediction: Double, _ target: Double, weight: Double, positiveWeight: Double, isMasked: Bool
    ) -> (loss: Reference, gradient: Reference, hessian: Reference) {
        guard !isMasked, !formula.isMissing(target) else { return (0, 0, 0) }
        let (t, x) = (Reference(target), Reference(prediction))
        let y = t * Reference(formula.keep) + Reference(formula.halfSmoothing)
        let z = (1 - t) * Reference(formula.keep) + Reference(formula.halfSmoothing)
        let w = Reference(weight) * Reference(formula.weight)
        let a = w * Reference(positiveWeight) * Reference(formula.positiveWeight) * y
        let b = w * z
        guard !formula.isProbability else {
            let loss = -(a == 0 ? 0 : a * log(x)) - (b == 0 ? 0 : b * log1p(-x))
            return (loss, (b == 0 ? 0 : b / (1 - x)) - (a == 0 ? 0 : a / x), 0)
        }
        let e = exp(-abs(x))
        let (p, q) = x > 0 ? (1 / (1 + e), e / (1 + e)) : (e / (1 + e), 1 / (1 + e))
        let loss = a * (max(-x, 0) + log1p(e)) + b * (max(x, 0) + log1p(e))
        let plain = (loss, b * p - a * q, (a + b) * p * q)
        return formula.isFocal ? focal(t, p, q, plain) : plain
    }

    /// For a target that is 0 or 1: m^gamma times the loss, where m is the probability of the wrong label.
    private func focal(
        _ t: Reference, _ p: Reference, _ q: Reference, _ plain: (Reference, Reference, Reference)
    ) -> (Reference, Reference, Reference) {
        let gamma = Reference(formula.gamma)
        let alpha = Reference(t == 1 ? formula.alphaPositive : formula.alphaNegative)
        let (m, sign) = t == 1 ? (q, Reference(-1)) : (p, Reference(1))
        let (l, d1, d2) = plain
        // m' = sign m (1 - m) = sign p q, m'' = m' (1 - 2 p).
        let (m1, m2) = (sign * p * q, sign * p * q * (q - p))
        let power = alpha * exp(gamma * log(m))
        let ratio = gamma * m1 / m
        let first = ratio * l + d1
        let second = (ratio * ratio + gamma * (m2 / m - m1 * m1 / (m * m))) * l + 2 * ratio * d1 + d2
        return (power * l, power * first, power * second)
    }
}

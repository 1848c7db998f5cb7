// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Losses of single elements in the precision of `Reference`, and their sums. Inputs are taken as exact.
public enum ReferenceLoss {
    public static func logit<S: BinaryFloatingPoint>(_ x: S, _ t: S) -> Reference { logit(x, t, .plain) }

    public static func probability<S: BinaryFloatingPoint>(_ p: S, _ t: S) -> Reference {
        probability(p, t, .plain)
    }

    public static func logit<S: BinaryFloatingPoint>(
        _ x: S, _ t: S, _ options: ReferenceOptions
    ) -> Reference {
        ReferenceElement(logit: Reference(x), target: Reference(t), weight: 1, positive: 1, options).loss
            .value
    }

    public static func probability<S: BinaryFloatingPoint>(
        _ p: S, _ t: S, _ options: ReferenceOptions
    ) -> Reference {
        ReferenceElement(probability: Reference(p), target: Reference(t), weight: 1, positive: 1, options)
            .loss.value
    }

    /// A sum whose rounding errors are accumulated separately (Neumaier 1974).
    public static func sum<S: BinaryFloatingPoint>(
        _ predictions: [S], _ targets: [S], _ element: (S, S) -> Reference
    ) -> Reference {
        var (sum, lost): (Reference, Reference) = (0, 0)
        for index in predictions.indices {
            let value = element(predictions[index], targets[index])
            let next = sum + value
            lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
            sum = next
        }
        return sum + lost
    }

    /// 1 / (1 + e^-x).
    public static func sigmoid(_ x: Reference) -> Reference {
        let e = exp(-abs(x))
        return (x < 0 ? e : 1) / (1 + e)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// Which kernels a call takes: the fastest that know its options. A tile or block that a kernel cannot represent goes to the
/// next: `weighted`, then `exact`, which knows everything.
enum Route {
    /// The logarithm of a product, of logits or of probabilities: the formula as it stands, with bounds on p.
    case plain
    /// From probabilities, the same with elements that do not count made certain and right.
    case counted
    /// From logits, the same with smoothing, a mask and missing targets.
    case smoothed
    /// From logits with 0/1 targets, a product for each label.
    case labeled
    /// From probabilities with targets between 0 and 1, or smoothed: one logarithm per element.
    case soft
    /// Two coefficients per element: everything else that is linear in them.
    case weighted
    /// From logits with 0/1 targets.
    case focal
    /// Everything, in Double.
    case exact

    /// - Parameter writes: whether a number is written for each element, which the products cannot do.
    init(_ formula: Formula, _ slice: BatchSlice, writes: Bool) {
        let isProbability = formula.isProbability
        if formula.added != 0 || !formula.fitsFloat && !slice.needsDouble {
            self = .exact
        } else if formula.isFocal {
            self = Self.focal(formula, slice, writes: writes)
        } else if slice.isBare && formula.isPlain {
            self = .plain
        } else if slice.hasWeights || writes {
            self = .weighted
        } else if formula.positiveWeight != 1 {
            self = isProbability ? .weighted : .labeled
        } else if !isProbability {
            self = .smoothed
        } else if formula.halfSmoothing == 0, !formula.isBounded {
            self = .counted
        } else {
            self = slice.isBare && !formula.hasMissing && formula.weight == 1 ? .soft : .weighted
        }
    }

    /// The factor is for the smoothed target, and p is as it was given: a kernel for 0/1 targets knows only logits.
    private static func focal(_ formula: Formula, _ slice: BatchSlice, writes: Bool) -> Route {
        let hasPositiveWeights = slice.positiveWeights != nil || slice.positiveColumnWeights != nil
        if formula.isProbability || formula.halfSmoothing != 0 || hasPositiveWeights { return .exact }
        return formula.gamma == 0 && !slice.hasWeights && !writes ? .labeled : .focal
    }

    /// What has an answer for blocks where this route has none, if it is not `exact`.
    func next(_ formula: Formula) -> Route? {
        self == .weighted || self == .exact || formula.isFocal ? nil : .weighted
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The kernels that a call uses: the fastest that support its options. A tile or block whose result a kernel cannot
/// represent goes to the next route: `weighted`, then `exact`, which supports everything.
enum Route {
    /// The logarithm of a product, from logits or from probabilities: the plain formula, with bounds on p.
    case plain
    /// From probabilities: the same, with elements that do not count replaced by certain, correct predictions.
    case counted
    /// From logits: the same with smoothing, a mask and missing targets.
    case smoothed
    /// From logits with 0/1 targets: one product per label.
    case labeled
    /// From probabilities with targets between 0 and 1, or with smoothing: one logarithm per element.
    case soft
    /// Two coefficients per element: everything else that is linear in the coefficients.
    case weighted
    /// The focal loss from logits with 0/1 targets.
    case focal
    /// Everything, in Double.
    case exact

    /// - Parameter writes: whether a number is written per element, which the products cannot do.
    init(_ formula: UnsafePointer<Formula>, _ slice: BatchSlice, writes: Bool) {
        let isProbability = formula.pointee.isProbability
        if formula.pointee.added != 0 || !formula.pointee.fitsFloat && !slice.needsDouble(formula) {
            self = .exact
        } else if formula.pointee.isFocal {
            self = Self.focal(formula, slice, writes: writes)
        } else if slice.isBare && formula.pointee.isPlain {
            self = .plain
        } else if slice.hasWeights || writes {
            self = .weighted
        } else if formula.pointee.positiveWeight != 1 {
            self = isProbability ? .weighted : .labeled
        } else if !isProbability {
            self = .smoothed
        } else if formula.pointee.halfSmoothing == 0, !formula.pointee.isBounded {
            self = .counted
        } else {
            self = slice.isBare && !formula.pointee.hasMissing && formula.pointee.weight == 1 ? .soft : .weighted
        }
    }

    /// The focal factor uses the smoothed target, and p as given; the kernel for 0/1 targets supports only logits.
    private static func focal(_ formula: UnsafePointer<Formula>, _ slice: BatchSlice, writes: Bool) -> Route {
        let hasPositiveWeights = slice.positiveWeights != nil || slice.positiveColumnWeights != nil
        if formula.pointee.isProbability || formula.pointee.halfSmoothing != 0 || hasPositiveWeights { return .exact }
        return formula.pointee.gamma == 0 && !slice.hasWeights && !writes ? .labeled : .focal
    }

    /// The route for blocks that this route cannot compute; nil if that is `exact`.
    func next(_ formula: UnsafePointer<Formula>) -> Route? {
        self == .weighted || self == .exact || formula.pointee.isFocal ? nil : .weighted
    }
}

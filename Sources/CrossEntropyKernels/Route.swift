// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The kernels that a call uses: the fastest that support its options. A tile or block whose result a kernel cannot
/// represent goes to the next route: `weighted`, then `exact`, which supports everything.
enum Route {
    /// The logarithm of a product, from logits or from probabilities: the plain formula, with bounds on p.
    case plain
    /// The same with a mask, missing targets and a weight of all elements. Elements that do not count are factors of 1.
    /// It writes derivatives of logits too, without the weight.
    case counted
    /// From logits: the same with smoothing.
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

    /// - Parameters:
    ///   - outputs: what is written per element; of the products, only two write derivatives of logits.
    ///   - wantsMoments: whether the losses are needed for a report, as if they were written.
    init(
        _ formula: UnsafePointer<Formula>, _ slice: BatchSlice, _ outputs: Outputs = Outputs(),
        wantsMoments: Bool = false
    ) {
        let isProbability = formula.pointee.isProbability
        let writes = !outputs.isEmpty || wantsMoments
        let hasDerivatives = outputs.gradient != nil && !isProbability
        if formula.pointee.added != 0 || !formula.pointee.fitsFloat && !slice.needsDouble(formula) {
            self = .exact
        } else if formula.pointee.isFocal {
            self = Self.focal(formula, slice, writes: writes)
        } else if slice.isBare && formula.pointee.isPlain {
            self = .plain
        } else if slice.hasWeights {
            self = .weighted
        } else if writes {
            let isCounted =
                hasDerivatives && formula.pointee.halfSmoothing == 0 && !formula.pointee.isWeighted
            self = isCounted ? .counted : .weighted
        } else if formula.pointee.positiveWeight != 1 {
            self = isProbability ? .weighted : .labeled
        } else if !isProbability {
            self = formula.pointee.halfSmoothing == 0 ? .counted : .smoothed
        } else if formula.pointee.halfSmoothing == 0, !formula.pointee.isBounded {
            self = .counted
        } else {
            self =
                slice.isBare && !formula.pointee.hasMissing && formula.pointee.weight == 1 ? .soft : .weighted
        }
    }

    /// The focal factor uses the smoothed target, and p as given; the kernel for 0/1 targets supports only logits.
    private static func focal(_ formula: UnsafePointer<Formula>, _ slice: BatchSlice, writes: Bool) -> Route {
        let hasPositiveWeights = slice.positiveWeights != nil || slice.positiveColumnWeights != nil
        if formula.pointee.isProbability || formula.pointee.halfSmoothing != 0 || hasPositiveWeights {
            return .exact
        }
        return formula.pointee.gamma == 0 && !slice.hasWeights && !writes ? .labeled : .focal
    }

    /// The route for blocks that this route cannot compute; nil if that is `exact`.
    func next(_ formula: UnsafePointer<Formula>) -> Route? {
        self == .weighted || self == .exact || formula.pointee.isFocal ? nil : .weighted
    }
}

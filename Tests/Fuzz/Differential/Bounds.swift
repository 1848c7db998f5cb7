// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// The accuracy promised by the documentation of the library.
struct Bounds {
    let problem: Problem
    /// Whether the roundings average out in a plain sum of many elements.
    private let isPlainAndVaried: Bool

    init(_ problem: Problem) {
        self.problem = problem
        let hasSoftProbabilities = !problem.isLogits && problem.targetType.isSoft
        isPlainAndVaried =
            !problem.isWeighted && problem.options.labelSmoothing == 0 && !hasSoftProbabilities
            && problem.options.focal == nil && Set(problem.predictions).count > 8
    }

    private var isFloat: Bool { problem.result == .float }
    private var hasSmoothing: Bool { problem.options.labelSmoothing != 0 }

    private var hasOptions: Bool { problem.isWeighted || hasSmoothing }
    private var isFocal: Bool { problem.options.focal != nil }

    /// The bound of a reduced loss, relative to the magnitudes of its terms (`BinaryCrossEntropy.loss(_:)`). The larger
    /// bounds for Float are those of "all elements alike, or very few".
    ///
    /// - Parameter focalRoundings: the maximum over all elements. A sum is no more accurate than its terms: for terms
    ///   with a focal factor, `writeLosses(_:into:)` states more than 1e-14.
    func loss(ofFew isFew: Bool, focalRoundings: Reference) -> Reference {
        guard isFloat else { return max(1e-14, isFocal ? focalUlps(focalRoundings) * 0x1p-52 : 0) }
        if let focal = problem.options.focal { return focalLoss(focal.gamma, focalRoundings) }
        return isPlainAndVaried && !isFew ? 1e-7 : hasOptions ? 3e-7 : 2e-7
    }

    /// The error for an integer gamma comes closest to the bound at gamma 5 and the logit -1.665972 with target 0: 1.06e-6
    /// of 1.1e-6. A gamma that is not a multiple of one half requires an exponential, whose argument is rounded.
    private func focalLoss(_ gamma: Double, _ roundings: Reference) -> Reference {
        let whole = (3 + 1.6 * Reference(gamma)) * 1e-7
        let rest = Reference(gamma - gamma.rounded(.down))
        return rest == 0 || rest == 0.5 ? whole : whole + (1 + 2 * rest * roundings / Reference(gamma)) * 1e-7
    }

    /// The bound of the loss of a column (`writeColumnLosses(_:into:)`): the one documented for columns of equal
    /// elements, because the columns here are too short for roundings to average out.
    func columnLoss(focalRoundings: Reference) -> Reference {
        let elements = isFocal ? focalUlps(focalRoundings) * (isFloat ? 0x1p-23 : 0x1p-52) : 0
        return max(isFloat ? 1e-6 : 1e-14, elements)
    }

    /// The bound of a term with a focal factor, in units in the last place.
    private func focalUlps(_ roundings: Reference) -> Reference {
        8 + 2 * (Reference(problem.options.focal?.gamma ?? 0) + roundings)
    }

    /// The bound of an unreduced loss, in units in the last place (`writeLosses(_:into:)`).
    func elementLoss(_ element: ReferenceElement) -> Reference {
        isFocal ? focalUlps(element.focalRoundings) : hasOptions ? 6 : 4
    }

    /// The bound of a gradient, in units in the last place of the magnitudes of its terms. For 0/1 targets those are
    /// the gradient itself, and this is the bound that `writeGradient(_:into:gradientScale:)` states. With soft targets
    /// and smoothing the terms cancel as t approaches s(x).
    func gradient(_ element: ReferenceElement) -> Reference {
        isFocal ? focalUlps(element.focalRoundings) : hasOptions ? 8 : problem.isLogits ? 4 : 5
    }

    /// The bound of the diagonal of the Hessian (`loss(_:writingGradientInto:hessianDiagonal:gradientScale:)`), in
    /// which the only cancellation is that of a focal factor.
    func hessian(_ element: ReferenceElement) -> Reference {
        isFocal ? 1.5 * gradient(element) : hasOptions ? 8 : 6
    }

    /// What a sum of `count` losses may lose because the smallest number of their type is not 0. Sums are in Double,
    /// except those of columns, whose losses are "of the type of results".
    func underflow(_ count: Int, ofColumns: Bool = false) -> Reference {
        Reference(count) * (ofColumns && isFloat ? 0x1p-149 : 0x1p-1074)
    }
}

/// What the type of results cannot represent.
enum Underflow {
    /// A number that is multiplied after it has become subnormal: half the smallest number of the type, in each of two
    /// factors, times the factors that follow.
    static func lost(_ type: ResultType, factor: Reference) -> Reference {
        (type == .float ? 0x1p-149 : 0x1p-1074) * max(1, factor)
    }

    /// A bounded product multiplies the probability by 1 / epsilon after the weight: the error is 11 % for 5e-324,
    /// target 0, weight 2.25, epsilon 1e-7.
    static func gradientFactor(_ problem: Problem) -> Reference {
        guard !problem.isLogits, case .boundedProduct(let epsilon) = problem.options.probabilityGradient
        else { return 1 }
        return 1 / Reference(epsilon)
    }

    /// Derivatives with a focal factor have no bound if a probability, or its complement, is subnormal, so that their
    /// products have few bits: the error is 2.7 % for probability 5e-324, target 0, weight 2.17, gamma 0.5; logit
    /// -745.43, target 1, gamma 5 has a Hessian of 0 instead of -6.8e-321. In Float the same happens near a logit of
    /// 88. They also have no bound if the quotient by a probability overflows before the factor reduces it: 1.66e-299,
    /// target 6e-8, weight 1.4e19, gamma 0.5, scale -9.6 has a gradient of infinity instead of 1.16e308.
    static func hasNoBound(_ problem: Problem, _ index: Int) -> Bool {
        guard problem.options.focal != nil else { return false }
        let prediction = abs(problem.predictions[index])
        guard problem.isLogits else { return prediction != 0 && prediction < 0x1p-960 }
        let range: Range<Double> = problem.result == .float ? 80..<110 : 690..<800
        return range.contains(prediction)
    }
}

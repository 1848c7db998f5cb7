// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// The accuracy that the documentation of the library promises. What it does not promise yet but computes is in
/// `KnownUntilIssue6`, and only there.
struct Bounds {
    let problem: Problem
    /// Whether roundings of a plain sum of many average out.
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

    /// Of a reduced loss, relative to the magnitudes of its terms (`BinaryCrossEntropy.loss(_:)`). The larger bound for
    /// Float is that of "all elements alike, or very few" with weights, smoothing or soft targets of probabilities.
    ///
    /// - Parameter focalRoundings: the most of any element. A sum is no better than its terms: of those with a focal factor
    ///   `writeLosses(_:into:)` says more than 1e-14.
    func loss(ofFew isFew: Bool, focalRoundings: Reference) -> Reference {
        guard isFloat else { return max(1e-14, ofFocal(focalRoundings)) }
        return isPlainAndVaried && !isFew ? 1e-7 : max(2e-7, KnownUntilIssue6.loss)
    }

    /// Of a loss of a column (`writeColumnLosses(_:into:)`): what it says of columns that are all alike, as a column here
    /// is too short for roundings to average out.
    func columnLoss(focalRoundings: Reference) -> Reference {
        isFloat ? max(1e-6, KnownUntilIssue6.columnLoss) : max(1e-14, ofFocal(focalRoundings))
    }

    private func ofFocal(_ roundings: Reference) -> Reference {
        problem.options.focal == nil ? 0 : (6 + 2 * roundings + KnownUntilIssue6.focal(problem)) * 0x1p-52
    }

    /// Of an unreduced loss, in units of the last place (`writeLosses(_:into:)`).
    func elementLoss(_ element: ReferenceElement) -> Reference {
        if isFloat { return 4 }
        if problem.options.focal != nil {
            return 6 + 2 * element.focalRoundings + KnownUntilIssue6.focal(problem)
        }
        return problem.isWeighted || hasSmoothing ? 6 : 4
    }

    /// Of a gradient, in units of the last place of the magnitudes of its terms: for 0/1 targets those are the gradient
    /// itself, and this is what `writeGradient(_:into:scale:)` says. Soft targets and smoothing cancel, as t approaches
    /// s(x); a focal factor, of which nothing is said, has the roundings of its power, as in a loss.
    func gradient(_ element: ReferenceElement) -> Reference {
        max(4, KnownUntilIssue6.gradient(problem)) + focal(element)
    }

    /// Of the diagonal of the Hessian (`loss(_:writingGradientInto:hessianInto:scale:)`), which has no cancellation but
    /// that of a focal factor.
    func hessian(_ element: ReferenceElement) -> Reference {
        max(4, KnownUntilIssue6.hessian(problem)) + focal(element)
    }

    private func focal(_ element: ReferenceElement) -> Reference {
        problem.options.focal == nil ? 0 : 6 + 2 * element.focalRoundings + KnownUntilIssue6.focal(problem)
    }

    /// What a sum of `count` losses may lose because the smallest number of their type is not 0. Sums are of Doubles,
    /// except for those of columns, whose losses are "of the type of results".
    func underflow(_ count: Int, ofColumns: Bool = false) -> Reference {
        Reference(count) * (ofColumns && isFloat ? 0x1p-149 : 0x1p-1074)
    }
}

/// Bounds that the library breaks today, and issue 6 is to mend or to state. A witness stands beside each.
enum KnownUntilIssue6 {
    /// 64 logits of -6.188757, target 0: 2.06e-7.
    static let loss: Reference = 2.1e-7
    /// Alike columns: 1.06e-6.
    static let columnLoss: Reference = 1.1e-6

    /// The sum of the weights is off by up to 36 ulp, and with it what divides a gradient.
    static func gradient(_ problem: Problem) -> Reference {
        problem.result == .double && problem.isWeighted ? 43 : 4
    }

    /// 5 ulp, and 25 with weights.
    static func hessian(_ problem: Problem) -> Reference { problem.isWeighted ? 25 : 5 }

    /// A number that is multiplied after it has left the normal numbers: a Float logit of -104 with weight 2 gives 0, a
    /// Double logit of 745.57, target 1, a gradient of 0 with scale 4e11. Half the smallest number of the type, in each of
    /// two factors, times what follows.
    static func underflow(_ type: ResultType, factor: Reference) -> Reference {
        (type == .float ? 0x1p-149 : 0x1p-1074) * max(1, factor)
    }

    /// m^gamma multiplies the roundings of m = 1 - p_t, some 3, by gamma; the documented 6 + 2 gamma |ln m| leaves them
    /// out. Double probability 0.9360023368236384, target 0, smoothing 0.1, gamma 5.63, alpha 0.25: 9.7 ulp, not 7.3.
    static func focal(_ problem: Problem) -> Reference { 4 * Reference(problem.options.focal?.gamma ?? 0) }

    /// A bounded product multiplies the probability by 1 / epsilon after the weight: 11 % for 5e-324, target 0, weight
    /// 2.25, epsilon 1e-7.
    static func gradientFactor(_ problem: Problem) -> Reference {
        guard !problem.isLogits, case .boundedProduct(let epsilon) = problem.options.probabilityGradient
        else { return 1 }
        return 1 / Reference(epsilon)
    }

    /// Derivatives with a focal factor where a probability, or its complement, is subnormal, so that their products have
    /// few bits: 2.7 % for probability 5e-324, target 0, weight 2.17, gamma 0.5; logit -745.43, target 1, gamma 5 has a
    /// Hessian of 0, not -6.8e-321.
    static func hasNoBound(_ problem: Problem, _ index: Int) -> Bool {
        let prediction = abs(problem.predictions[index])
        let isTiny =
            problem.isLogits
            ? prediction > 690 && prediction < 800 : prediction != 0 && prediction < 0x1p-1000
        return problem.options.focal != nil && isTiny
    }
}

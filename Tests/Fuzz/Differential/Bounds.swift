import CrossEntropy
import TestSupport

/// The accuracy that the documentation of the library promises. What it does not promise yet but computes is in
/// `KnownUntilIssue6`, and only there.
struct Bounds {
    let problem: Problem

    private var isFloat: Bool { problem.result == .float }
    private var hasSmoothing: Bool { problem.options.labelSmoothing != 0 }

    /// Of a reduced loss, relative to the magnitudes of its terms (`BinaryCrossEntropy.loss(_:)`). The larger bound for
    /// Float is that of "all elements alike, or very few" with weights, smoothing or soft targets of probabilities.
    func loss(ofFew isFew: Bool) -> Reference {
        guard isFloat else { return 1e-14 }
        let isAlike = isFew || Set(problem.predictions).count < 8
        return isAlike ? max(2e-7, KnownUntilIssue6.loss) : 1e-7
    }

    /// Of a loss of a column (`writeColumnLosses(_:into:)`): what it says of columns that are all alike, as a column here
    /// is too short for roundings to average out.
    var columnLoss: Reference { isFloat ? max(1e-6, KnownUntilIssue6.columnLoss) : 1e-14 }

    /// Of an unreduced loss, in units of the last place (`writeLosses(_:into:)`).
    func elementLoss(_ element: ReferenceElement) -> Reference {
        if isFloat { return 4 }
        if problem.options.focal != nil { return 6 + 2 * element.focalRoundings }
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
        problem.options.focal == nil ? 0 : 6 + 2 * element.focalRoundings
    }

    /// What a sum of `count` numbers may lose because the smallest number of its type is not 0: each term half of that,
    /// times what multiplies it.
    func underflow(_ count: Int, factor: Reference) -> Reference {
        Reference(count) * max(1, factor) * 0x1p-1074
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

    /// A Float logit of -104 with weight 2 gives 0: e^-|x| underflows before it is multiplied.
    static func underflow(_ problem: Problem, factor: Reference) -> Reference {
        problem.result == .float ? 0x1p-149 * max(1, factor) : 0
    }
}

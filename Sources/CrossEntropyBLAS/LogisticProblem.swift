// SPDX-License-Identifier: Apache-2.0

package import CrossEntropy
internal import CrossEntropyKernels
internal import CrossEntropyVectorMath

/// A `LogisticObjective` without its type and lifetime.
@safe
package struct LogisticProblem {
    package let features: Matrix
    private(set) var targets: Matrix
    let loss: BinaryCrossEntropy
    let formula: Formula
    let level: KernelLevel
    let l2: Double
    let hasIntercept: Bool
    private(set) var rowWeights: Column?
    /// The divisor of sums of losses.
    private(set) var divisor: Double

    /// - Throws: as `LogisticObjective.init(features:targets:loss:l2:hasIntercept:)`.
    package init(
        features: Matrix, targets: Matrix, loss: BinaryCrossEntropy, l2: Double, hasIntercept: Bool
    ) throws(CrossEntropyError) {
        try unsafe self.init(checked: features, targets, loss, l2, hasIntercept, divisor: 1)
        guard l2 >= 0, l2.isFinite else {
            throw .invalidOption(option: "l2", value: l2, allowed: "a finite number of at least 0")
        }
        try unsafe checkShape("targets", targets.rows, labels, features.rows, max(1, labels))
        // The product of two BLAS sizes fits into an Int, but the byte size of a workspace with that many numbers does
        // not.
        guard parameterCount <= blasLimit else {
            throw .matrixTooLarge(
                argument: "parameters", rows: labels, columns: parametersOfLabel, limit: blasLimit)
        }
        try unsafe targets.checkDomain("targets", loss, formula)
        divisor = computedDivisor()
    }

    /// From arguments that have been checked before, with the divisor that was computed then.
    init(
        checked features: Matrix, _ targets: Matrix, _ loss: BinaryCrossEntropy, _ l2: Double,
        _ hasIntercept: Bool, divisor: Double
    ) throws(CrossEntropyError) {
        unsafe (self.features, self.targets) = (features, targets)
        (self.loss, self.l2, self.hasIntercept) = (loss, l2, hasIntercept)
        var formula = Formula()
        unsafe loss.set(&formula, .logits, features.dtype, targets: targets.dtype)
        self.formula = formula
        level = try loss.kernelLevel
        self.divisor = divisor
    }

    package mutating func weigh(byRow weights: Memory) throws(CrossEntropyError) {
        try unsafe checkCount(weights.count, "row weights", features.rows)
        unsafe setWeights(weights)
        divisor = computedDivisor()
    }

    /// The same without a check and without another divisor.
    mutating func setWeights(_ weights: Memory) { rowWeights = unsafe weights.column }

    package var labels: Int { unsafe targets.columns }
    var columns: Int { unsafe features.columns }
    /// The number of parameters of each label, and of all labels.
    package var parametersOfLabel: Int { columns + (hasIntercept ? 1 : 0) }
    package var parameterCount: Int { labels * parametersOfLabel }

    /// The padded length of a vector with one number per column.
    var padded: Int { MatrixTile.padded(columns) }

    /// The same problem for one label only, except that the divisor is unchanged.
    func ofLabel(_ label: Int) -> LogisticProblem {
        var one = self
        unsafe one.targets = targets.column(label)
        return one
    }

    /// Writes coefficients in the type of the features: `padded` numbers per label, with zeros after the last
    /// coefficient.
    func write<S: LossScalar>(_ parameters: UnsafePointer<Double>, to coefficients: UnsafeMutablePointer<S>) {
        for label in 0..<labels {
            for column in 0..<padded {
                unsafe coefficients[label * padded + column] =
                    column < columns ? S(parameters[label * parametersOfLabel + column]) : 0
            }
        }
    }

    /// Whether BLAS computes the products.
    var takesBLAS: Bool { labels > 1 }

    private func computedDivisor() -> Double {
        guard loss.reduction != .sum else { return 1 }
        let weighs = loss.reduction == .weightedMean && rowWeights != nil
        guard weighs || formula.hasMissing else { return unsafe Double(targets.rows * labels) }
        var divisor = 0.0
        for row in unsafe 0..<targets.rows {
            let elements = unsafe targets.row(row)
            let counted = (0..<labels).count { !formula.isMissing(elements.number($0)) }
            // A row in which nothing counts is skipped, whatever its weight.
            guard counted > 0 else { continue }
            divisor += Double(counted) * (weighs ? rowWeights?.number(row) ?? 1 : 1)
        }
        return divisor
    }
}

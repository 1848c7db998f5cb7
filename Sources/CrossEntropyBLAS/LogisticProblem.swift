// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// A `LogisticObjective` without its type and lifetime.
@safe
struct LogisticProblem {
    let features: Matrix
    private(set) var targets: Matrix
    let loss: BinaryCrossEntropy
    let formula: Formula
    let level: KernelLevel
    let l2: Double
    let hasIntercept: Bool
    var rowWeights: Column?
    /// The divisor of sums of losses.
    var divisor = 1.0

    var labels: Int { unsafe targets.columns }
    var columns: Int { unsafe features.columns }
    var parametersOfLabel: Int { columns + (hasIntercept ? 1 : 0) }

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

    func computedDivisor() -> Double {
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

    /// Half of `l2` times the sum of the squares of the coefficients.
    func penalty(_ parameters: Span<Double>) -> Double {
        var squares = 0.0
        for label in 0..<labels {
            for column in 0..<columns {
                let coefficient = parameters[label * parametersOfLabel + column]
                squares += coefficient * coefficient
            }
        }
        return l2 / 2 * squares
    }

    /// Whether BLAS computes the products.
    var takesBLAS: Bool { labels > 1 }
}

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
    /// What sums of losses are divided by.
    var divisor = 1.0

    var labels: Int { unsafe targets.columns }
    var columns: Int { unsafe features.columns }
    var parametersOfLabel: Int { columns + (hasIntercept ? 1 : 0) }

    /// What a vector with a number for each column has room for.
    var padded: Int { MatrixTile.padded(columns) }

    /// The same of one label alone, but for the divisor.
    func ofLabel(_ label: Int) -> LogisticProblem {
        var one = self
        unsafe one.targets = targets.column(label)
        return one
    }

    /// Writes coefficients in the type of the features: `padded` numbers a label, zeros behind its last.
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
            // Whatever the weight of a row in which nothing counts.
            guard counted > 0 else { continue }
            divisor += Double(counted) * (weighs ? rowWeights?.number(row) ?? 1 : 1)
        }
        return divisor
    }

    /// Half the penalty's weight times the coefficients' squares.
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

    /// Whether BLAS multiplies.
    var takesBLAS: Bool { labels > 1 }
}

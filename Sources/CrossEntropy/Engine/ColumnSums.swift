// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The sum of the losses of each column, and the divisor of its mean. If a matrix is split into groups of rows, the
/// sums of the parts add up to those of the whole to within a rounding.
package struct ColumnSums {
    private var losses: [CompensatedSum]
    private var divisors: [CompensatedSum]
    /// The part that the divisors of all columns have in common: the number of rows, if every element counts.
    private var commonDivisor = CompensatedSum()

    package init(columns: Int) {
        losses = [CompensatedSum](repeating: CompensatedSum(), count: columns)
        divisors = losses
    }

    mutating func addLoss(_ loss: ScaledDouble, _ column: Int) { losses[column].add(loss) }

    mutating func addDivisor(_ divisor: ScaledDouble, _ column: Int) { divisors[column].add(divisor) }

    mutating func addCommonDivisor(_ divisor: ScaledDouble) { commonDivisor.add(divisor) }

    func divisor(_ column: Int, _ reduction: BinaryCrossEntropy.Reduction) -> ScaledDouble {
        reduction == .sum ? ScaledDouble(1) : divisors[column].value + commonDivisor.value
    }

    /// Adds the sums of other rows. Their order affects rounding.
    package mutating func merge(_ other: ColumnSums) {
        commonDivisor.add(other.commonDivisor.value)
        for column in losses.indices {
            losses[column].add(other.losses[column].value)
            divisors[column].add(other.divisors[column].value)
        }
    }

    /// The reduced loss of each column. The reduction must be the one that the sums were made with.
    package func losses(_ reduction: BinaryCrossEntropy.Reduction) -> [Double] {
        losses.indices.map { column in
            let sum = losses[column].value
            return reduction == .sum ? sum.value : sum / divisor(column, reduction)
        }
    }
}

extension BinaryCrossEntropy {
    /// Adds the losses of a batch, column by column. It must have as many columns as `sums`.
    package func add<P>(
        _ batch: borrowing LossBatch<P>, to sums: inout ColumnSums
    ) throws(CrossEntropyError) {
        try evaluate(batch.memory) { (evaluation) throws(CrossEntropyError) in try evaluation.add(to: &sums) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
internal import KernelLevels

/// What one pass over a batch tells beside the loss.
public struct LossReport: Sendable, Equatable, Codable {
    /// The reduced loss, in nats.
    public let loss: Double
    /// Elements that count.
    public let count: Int
    /// Elements that do not: masked, or with a missing target.
    public let ignoredCount: Int
    /// The sum of the weights of those that count.
    public let weightSum: Double
    /// Elements whose loss was changed by `clipping`.
    public let clippedCount: Int
    /// Elements whose prediction is certain: a probability of 0 or 1, or a logit whose probability rounds to one of them
    /// in the type that results have.
    public let saturatedCount: Int
    /// The standard error of the mean (or weighted mean), in nats, from the spread of the losses as if they were drawn
    /// independently; of the sum, that of the mean times the count. NaN for fewer than two elements.
    ///
    ///     mean           sqrt((sum z^2 - (sum z)^2 / n) / (n (n - 1))),   z = w l
    ///     weighted mean  sqrt(n / (n - 1) sum w^2 (l - m)^2) / sum w      (Cochran 1977, 6.4, of a ratio)
    ///
    /// What is below about 1e-8 of the loss is rounding.
    public let standardError: Double
}

extension BinaryCrossEntropy {
    /// The reduced loss with counts and its standard error, from one pass.
    ///
    /// Every element takes its logarithms, as with weights: slower than `loss(_:)` where that has a product to take, and
    /// equal to it within the accuracy of both.
    public func report<P>(_ batch: borrowing LossBatch<P>) throws(CrossEntropyError) -> LossReport {
        var sums = ReportSums()
        try add(batch, to: &sums)
        return sums.report(reduction)
    }

    /// Adds what a report needs of a batch.
    package func add<P>(
        _ batch: borrowing LossBatch<P>, to sums: inout ReportSums
    ) throws(CrossEntropyError) {
        let evaluation = try Evaluation(self, batch.memory)
        let plan = evaluation.plan
        for index in 0..<plan.tiles {
            evaluation.forEachTile(plan.range(index)) { tile in
                sums.add(tile.kernels.statistics(evaluation.formula, evaluation.level))
            }
        }
        sums.elements += plan.count
    }
}

/// What a report is made of: sums over all tiles, of one batch or of several.
package struct ReportSums {
    private var loss = ExactSum()
    private var weight = ExactSum()
    private var squaredLoss = ExactSum()
    private var weightByLoss = ExactSum()
    private var squaredWeight = ExactSum()
    private var (counted, clipped, saturated) = (0.0, 0.0, 0.0)
    fileprivate var elements = 0

    package init() {}

    /// Adds the sums of other elements, in any order.
    package mutating func merge(_ other: ReportSums) {
        loss.add(other.loss)
        weight.add(other.weight)
        squaredLoss.add(other.squaredLoss)
        weightByLoss.add(other.weightByLoss)
        squaredWeight.add(other.squaredWeight)
        counted += other.counted
        clipped += other.clipped
        saturated += other.saturated
        elements += other.elements
    }

    fileprivate mutating func add(_ tile: TileSums) {
        loss.add(tile.loss)
        weight.add(tile.weight)
        squaredLoss.add(tile.squaredLoss)
        weightByLoss.add(tile.weightByLoss)
        squaredWeight.add(tile.squaredWeight)
        counted += tile.counted
        clipped += tile.clipped
        saturated += tile.saturated
    }

    package func report(_ reduction: BinaryCrossEntropy.Reduction) -> LossReport {
        let value =
            switch reduction {
            case .sum: loss.value
            case .mean: loss.scaled / ScaledDouble(counted)
            case .weightedMean: loss.scaled / weight.scaled
            }
        return LossReport(
            loss: value, count: Int(counted), ignoredCount: elements - Int(counted), weightSum: weight.value,
            clippedCount: Int(clipped), saturatedCount: Int(saturated),
            standardError: standardError(reduction))
    }

    private func standardError(_ reduction: BinaryCrossEntropy.Reduction) -> Double {
        guard counted > 1 else { return .nan }
        let mean = loss.scaled / ScaledDouble(counted)
        switch reduction {
        case .mean, .sum:
            let ofMean = (max(0, squaredLoss.value - loss.value * mean) / (counted * (counted - 1)))
                .squareRoot()
            return reduction == .sum ? ofMean * counted : ofMean
        case .weightedMean:
            let m = loss.scaled / weight.scaled
            let spread = squaredLoss.value - 2 * m * weightByLoss.value + m * m * squaredWeight.value
            return (max(0, spread) * counted / (counted - 1)).squareRoot() / weight.value
        }
    }
}

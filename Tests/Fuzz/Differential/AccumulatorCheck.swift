// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import TestSupport

/// Adds a batch to an accumulator.
struct Addition: BatchWork {
    let options: BinaryCrossEntropy
    var total: LossAccumulator

    mutating func run<P: LossPrediction>(_ batch: borrowing LossBatch<P>) throws {
        try options.add(batch, to: &total)
    }
}

/// Splits a problem into random batches of whole rows. In whatever order these are added and merged, the bits must be
/// the same, and the sums must be within the bound of a loss.
struct AccumulatorCheck {
    let comparison: Comparison
    let arena: Arena
    let edge: GuardedRegion.Edge

    func run(_ options: BinaryCrossEntropy, _ generator: inout SplitMix64) throws {
        let problem = comparison.problem
        var (total, parts) = (LossAccumulator(), [LossAccumulator]())
        for rows in batches(&generator) {
            let batch = PlacedProblem(problem.part(rows), arena, edge)
            total = try added(batch, to: total, options)
            parts.append(try added(batch, to: LossAccumulator(), options))
        }
        var merged = LossAccumulator()
        for index in parts.indices.shuffled(using: &generator) {
            try merged.merge(generator.chance(oneIn: 64) ? try roundTrip(parts[index]) : parts[index])
        }
        guard merged == total, same(merged.sum, total.sum), same(merged.weightSum, total.weightSum),
            merged.count == total.count
        else {
            throw BrokenPromise(
                description: "merged in another order: sums \(total.sum) and \(merged.sum), weights "
                    + "\(total.weightSum) and \(merged.weightSum), counts \(total.count) and \(merged.count)")
        }
        try check(total)
    }

    private func batches(_ generator: inout SplitMix64) -> [Range<Int>] {
        let problem = comparison.problem
        // The bits of a batch begin at a byte boundary.
        let grain = problem.targetType.isBits || problem.mask != nil && problem.maskType == .bits ? 8 : 1
        var (batches, start) = ([Range<Int>](), 0)
        while start < problem.rows {
            let end = min(problem.rows, start + grain * (1 + generator.below(max(1, problem.rows / grain))))
            batches.append(start..<end)
            start = end
        }
        return batches
    }

    private func added(
        _ batch: PlacedProblem, to total: LossAccumulator, _ options: BinaryCrossEntropy
    ) throws -> LossAccumulator {
        var addition = Addition(options: options, total: total)
        try batch.run(&addition)
        return addition.total
    }

    private func roundTrip(_ accumulator: LossAccumulator) throws -> LossAccumulator {
        try JSONDecoder().decode(LossAccumulator.self, from: JSONEncoder().encode(accumulator))
    }

    private func same(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }

    private func check(_ total: LossAccumulator) throws {
        let problem = comparison.problem
        func read(_ value: Double, as reduction: BinaryCrossEntropy.Reduction, _ name: String) throws {
            var other = problem
            other.options = problem.options.with(reduction: reduction)
            let loss = Expected(other, comparison.expected.elements).loss(of: 0..<problem.count)
            try comparison.check(value, loss, "accumulator.\(name)")
        }
        try read(total.sum, as: .sum, "sum")
        try read(total.mean, as: .mean, "mean")
        try read(total.weightedMean, as: .weightedMean, "weightedMean")
        let counting = comparison.expected.elements.count { $0 != nil }
        if total.count != counting {
            throw BrokenPromise(description: "accumulator.count is \(total.count), expected \(counting)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels
import TestSupport
import XCTest

@testable import CrossEntropy

/// Losses by group: their values, and the same bits in any order and on any number of threads.
final class GroupedLossesTests: XCTestCase {
    /// The losses are computed in Float: each is wrong by at most 3 ulp, 2^-22 of itself, and so is the sum of their
    /// magnitudes.
    private static let accuracy = 0x1p-22

    func test_add_everyOption_isTheDefinitionOfEachGroupAtEveryLevel() throws {
        let problem = GroupProblem(count: 20_000, groupCount: 37, seed: 301)
        for (level, isWeighted) in KernelLevel.available.flatMap({ [($0, false), ($0, true)] }) {
            var total = GroupedLosses(groupCount: 37)
            let bce = try problem.options.at(level: level)
            try bce.add(problem.arrays(weighted: isWeighted), groups: problem.groups, to: &total)
            for group in 0..<37 {
                let elements = problem.elements(of: group)
                let weights = elements.map { isWeighted ? Reference(problem.weights[$0]) : 1 }
                let losses = elements.map { ReferenceLoss.logit(problem.logits[$0], problem.targets[$0]) }
                let name = "group \(group), \(level.rawValue), weighted: \(isWeighted), seed \(problem.seed)"
                let weighted = zip(weights, losses).map { $0 * $1 }
                let (sum, size) = (weighted.reduce(0, +), weighted.reduce(0) { $0 + abs($1) })
                let limit = Self.accuracy * Double(size)
                let weightSum = Double(weights.reduce(0, +))
                XCTAssertEqual(total[group].count, elements.count, name)
                XCTAssertEqual(
                    total[group].targetSum, elements.reduce(0) { $0 + Double(problem.targets[$1]) }, name)
                XCTAssertEqual(
                    total[group].weightSum, weightSum, accuracy: 1e-12 * Double(elements.count), name)
                XCTAssertEqual(total[group].sum, Double(sum), accuracy: limit, name)
                XCTAssertEqual(
                    total[group].mean, Double(sum) / Double(elements.count),
                    accuracy: limit / Double(elements.count), name)
                XCTAssertEqual(
                    total[group].loss(.weightedMean), Double(sum) / weightSum,
                    accuracy: 2 * limit / abs(weightSum), name)
                for reduction in [BinaryCrossEntropy.Reduction.sum, .mean, .weightedMean] {
                    let error = Double(standardError(losses, weights, reduction))
                    XCTAssertEqual(
                        total[group].standardError(reduction), error,
                        accuracy: 4 * Self.accuracy * abs(error),
                        "\(name), \(reduction)")
                }
            }
        }
    }

    /// By the formulas in the documentation of `LossReport.standardError`, with the mean subtracted from each element.
    private func standardError(
        _ losses: [Reference], _ weights: [Reference], _ reduction: BinaryCrossEntropy.Reduction
    ) -> Reference {
        let n = Reference(losses.count)
        let weighted = zip(weights, losses).map { $0 * $1 }
        let total = weighted.reduce(0, +)
        guard reduction == .weightedMean else {
            let spread = weighted.reduce(0) { $0 + ($1 - total / n) * ($1 - total / n) }
            return (spread / (n * (n - 1))).squareRoot() * (reduction == .sum ? n : 1)
        }
        let weightSum = weights.reduce(0, +)
        let mean = total / weightSum
        let spread = zip(weights, losses).reduce(0) { $0 + $1.0 * $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        return (n / (n - 1) * spread).squareRoot() / weightSum
    }

    func test_add_anyGroup_isTheReportOfItsElements() throws {
        let problem = GroupProblem(count: 5000, groupCount: 7, seed: 302)
        for reduction in [BinaryCrossEntropy.Reduction.sum, .mean, .weightedMean] {
            let bce = try problem.options.with(reduction: reduction)
            var total = GroupedLosses(groupCount: 7)
            try bce.add(problem.arrays(), groups: problem.groups, to: &total)
            for group in 0..<7 {
                let name = "group \(group), \(reduction), seed \(problem.seed)"
                let report = try bce.report(problem.arrays(problem.elements(of: group)))
                let loss = total[group].loss(reduction)
                XCTAssertEqual(total[group].count, report.count, name)
                XCTAssertEqual(total[group].weightSum, report.weightSum, accuracy: 1e-10, name)
                XCTAssertEqual(loss, report.loss, accuracy: 1e-6 * abs(report.loss), name)
                XCTAssertEqual(
                    total[group].standardError(reduction), report.standardError,
                    accuracy: 1e-6 * abs(report.standardError), name)
            }
        }
    }

    func test_add_anyOrderAndThreads_sameBits() throws {
        let problem = GroupProblem(count: 600_000, groupCount: 50, seed: 303)
        var whole = GroupedLosses(groupCount: 50)
        try problem.options.with(threads: .serial).add(problem.arrays(), groups: problem.groups, to: &whole)
        for threads in [2, 8] {
            var total = GroupedLosses(groupCount: 50)
            try problem.options.with(threads: .atMost(threads)).add(
                problem.arrays(), groups: problem.groups, to: &total)
            XCTAssertEqual(total, whole, "\(threads) threads, seed \(problem.seed)")
        }
        var generator = SplitMix64(seed: 304)
        let order = Array(problem.logits.indices).shuffled(using: &generator)
        var parts: [GroupedLosses] = []
        var start = 0
        while start < order.count {
            let part = Array(order[start..<min(order.count, start + 1 + generator.below(60_000))])
            var sums = GroupedLosses(groupCount: 50)
            try problem.options.add(
                problem.arrays(part), groups: part.map { problem.groups[$0] }, to: &sums)
            parts.append(sums)
            start += part.count
        }
        var merged = GroupedLosses(groupCount: 0)
        for part in parts.shuffled(using: &generator) { try merged.merge(part) }
        var other = GroupedLosses(groupCount: 50)
        for part in parts.shuffled(using: &generator) { try other.merge(part) }
        XCTAssertEqual(other, merged, "\(parts.count) parts, seed 304")
        for group in 0..<50 {
            XCTAssertEqual(merged[group].count, whole[group].count)
            // Sums of at most 2^14 values of one sign are in Double.
            let loss = whole[group].loss(.weightedMean)
            XCTAssertEqual(
                merged[group].loss(.weightedMean), loss, accuracy: 0x1p14 * 0x1p-53 * loss,
                "group \(group), seed 304")
        }
        XCTAssertEqual(
            merged.count, problem.mask.indices.count { problem.mask[$0] && !problem.targets[$0].isNaN })
    }

    /// With the larger number of elements, a batch is added in slabs.
    func test_add_batchesWithAndWithoutWeights_areThoseWithWeightsOfOne() throws {
        for count in [1000, 1 << 18] {
            let problem = GroupProblem(count: 2 * count, groupCount: 5, seed: 305)
            let (first, second) = (Array(0..<count), Array(count..<2 * count))
            var ones = problem.arrays(first)
            ones.weights = [Float](repeating: 1, count: count)
            let plain = problem.arrays(weighted: false, first)
            func sums(_ batches: [(ArrayBatch<Float, Float>, [Int])]) throws -> GroupedLosses {
                var total = GroupedLosses(groupCount: 5)
                for (batch, indices) in batches {
                    try problem.options.add(batch, groups: indices.map { problem.groups[$0] }, to: &total)
                }
                return total
            }
            var unweighted = try sums([(plain, first)])
            XCTAssertEqual(unweighted[1].weightSum, Double(unweighted[1].count), "\(count), seed 305")
            let explicit = try sums([(ones, first)])
            XCTAssertEqual(explicit, unweighted, "\(count), seed 305")
            try unweighted.merge(explicit)
            XCTAssertNotEqual(explicit, unweighted, "\(count), seed 305")
            let weighted = problem.arrays(second)
            let weightsLast = try sums([(plain, first), (weighted, second)])
            XCTAssertEqual(weightsLast, try sums([(weighted, second), (plain, first)]), "\(count), seed 305")
            XCTAssertEqual(weightsLast, try sums([(ones, first), (weighted, second)]), "\(count), seed 305")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation
import TestSupport

extension Comparison {
    func checkReport(_ report: LossReport) throws {
        let counting = (0..<problem.count).filter { expected.elements[$0] != nil }
        try check(report.loss, expected.loss(of: counting), "report.loss")
        try promise(report.count == counting.count, "count is \(report.count) of \(counting.count)")
        let ignored = problem.count - counting.count
        try promise(report.ignoredCount == ignored, "ignoredCount is \(report.ignoredCount) of \(ignored)")
        var (weights, magnitude): (Reference, Reference) = (0, 0)
        for index in counting {
            let weight = weight(index)
            (weights, magnitude) = (weights + weight, magnitude + abs(weight))
        }
        try expect(report.weightSum, weights, within: 1e-14 * magnitude, .double, "weightSum")
        try checkCount(report.clippedCount, counting, "clippedCount", isClipped)
        try checkCount(report.saturatedCount, counting, "saturatedCount", isSaturated)
        try checkStandardError(report.standardError, counting)
    }

    private func weight(_ index: Int) -> Reference {
        problem.weight(ofRow: index / problem.columns, index % problem.columns)
    }

    private func promise(_ holds: Bool, _ what: @autoclosure () -> String) throws {
        if !holds { throw BrokenPromise(description: what()) }
    }

    /// - Parameter property: returns nil if the answer depends on rounding.
    private func checkCount(
        _ count: Int, _ indices: [Int], _ name: String, _ property: (Int) -> Bool?
    ) throws {
        let answers = indices.map(property)
        let least = answers.count { $0 == true }
        let most = answers.count { $0 != false }
        try promise((least...most).contains(count), "\(name) is \(count), expected \(least) to \(most)")
    }

    /// Whether `clipping` changed the loss. Undecided (nil) for a NaN, a weight of 0, and a logarithm within rounding
    /// of its floor.
    private func isClipped(_ index: Int) -> Bool? {
        guard !problem.isLogits, problem.options.clipping != .unclipped else { return false }
        guard let element = expected.elements[index], !element.loss.value.isNaN, weight(index) != 0,
            element.loss.magnitude != 0
        else { return nil }
        let bounds = ReferenceBounds(problem.options.clipping, problem.result)
        let p = Reference(problem.predictions[index])
        if bounds.moves(p) { return true }
        let free = ReferenceBounds(.unclipped, problem.result).logarithms(p)
        let smoothed = problem.options.labelSmoothing > 0
        let t = problem.targets[index]
        let usesP =
            (t != 0 || smoothed) && problem.options.positiveWeight != 0 && problem.positiveWeights == nil
        let usesQ = t != 1 || smoothed
        let nearFloor = [free.positive, free.negative].contains { abs($0 / bounds.logFloor - 1) < 1e-9 }
        if nearFloor || problem.positiveWeights != nil { return nil }
        return usesP && free.positive < bounds.logFloor || usesQ && free.negative < bounds.logFloor
    }

    /// Whether the prediction is certain: a logit whose probability rounds to 0 or 1. Undecided (nil) for one at the
    /// boundary.
    private func isSaturated(_ index: Int) -> Bool? {
        let x = problem.predictions[index]
        if x.isNaN { return nil }
        if !problem.isLogits { return x == 0 || x == 1 ? true : x > 0 && x < 1 ? false : nil }
        // At the boundaries, ties round to even: to 1, and half of the smallest number to 0.
        let bits: (Double, Double) = problem.result == .float ? (-150, 25) : (-1075, 54)
        let (low, high) = (bits.0 * log(2.0), bits.1 * log(2.0))
        if abs(x - low) < 1e-9 || abs(x - high) < 1e-9 { return nil }
        return x < low || x > high
    }

    /// Uses the two formulas of `LossReport.standardError`. Both subtract squares, whose roundings, several tens in
    /// each chain of additions, are what remains if they cancel.
    private func checkStandardError(_ actual: Double, _ indices: [Int]) throws {
        let n = Reference(indices.count)
        guard indices.count > 1 else {
            return try promise(actual.isNaN, "standardError is \(actual) of nothing")
        }
        let z = indices.map { expected.elements[$0]!.loss.value }
        let w = indices.map(weight)
        let squares = z.reduce(0) { $0 + $1 * $1 }
        // Nothing is specified if the values are not finite, or if a Double cannot represent their squares.
        guard squares < 0x1p1000, expected.loss(of: indices).divisor > 0 else { return }
        let (variance, scale): (Reference, Reference)
        switch problem.options.reduction {
        case .mean, .sum:
            let sum = z.reduce(0, +)
            let factor = problem.options.reduction == .sum ? n : 1
            variance = max(0, squares - sum * sum / n) / (n * (n - 1)) * factor * factor
            scale = squares / (n * (n - 1)) * factor * factor
        case .weightedMean:
            let sum = w.reduce(0, +)
            if w.contains(where: { $0 < 0 }) { return }
            let m = z.reduce(0, +) / sum
            let spread = zip(z, w).reduce(0) { $0 + ($1.0 - m * $1.1) * ($1.0 - m * $1.1) }
            variance = n / (n - 1) * spread / (sum * sum)
            let squaredWeights = w.reduce(0) { $0 + $1 * $1 }
            scale = n / (n - 1) * (squares + m * m * squaredWeights) / (sum * sum)
        }
        // The losses from which it is computed have the type of results, and each of them is rounded.
        let rounding =
            problem.result == .float
            ? 0x1p-23 * indices.reduce(0) { max($0, bounds.elementLoss(expected.elements[$1]!)) } : 0
        let ofElements = 2 * rounding * (variance * scale).squareRoot() + rounding * rounding * scale
        let lost = 64 * (0x1p-52 + focalRoundings(indices) * 0x1p-52) * scale + 0x1p-1074
        let squared = Reference(actual) * Reference(actual)
        let allowed = lost + ofElements + 1e-12 * variance
        if abs(squared - variance) > allowed {
            throw Difference(
                what: "standardError", actual: actual, expected: variance.squareRoot(),
                allowed: allowed / variance.squareRoot() / 2)
        }
    }

    private func focalRoundings(_ indices: [Int]) -> Reference {
        indices.reduce(0) { max($0, expected.elements[$1]!.focalRoundings) }
    }
}

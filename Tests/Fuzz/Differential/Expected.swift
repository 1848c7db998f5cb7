// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// The correct value of a reduced loss, and what its error is relative to.
struct ExpectedLoss {
    /// The sum of the losses, the sum of the magnitudes of their terms, and the divisor.
    var sum: Reference = 0
    var magnitude: Reference = 0
    var divisor: Reference = 0
    /// The sum of the magnitudes of the terms of the divisor.
    var divisorMagnitude: Reference = 0
    var count = 0
    /// The largest term: if it makes up much of the sum, its rounding is that of the sum.
    var largest: Reference = 0
    var focalRoundings: Reference = 0

    var isOfFew: Bool { count < 64 || largest > 0.05 * magnitude }
    var value: Reference { sum / divisor }
    /// Whether the divisor is within rounding of 0, so that nothing can be said about the quotient.
    var isIllConditioned: Bool {
        divisor == 0 ? divisorMagnitude != 0 : abs(divisor) < 1e-6 * divisorMagnitude
    }
}

/// The values that the documented formulas give for every element of a problem.
struct Expected {
    let problem: Problem
    let elements: [ReferenceElement?]

    /// Elements that do not count are nil.
    init(_ problem: Problem) {
        self.problem = problem
        let options = ReferenceOptions(problem.options, problem.result)
        elements = (0..<problem.count).map { index in
            guard problem.counts(index) else { return nil }
            let (row, column) = (index / problem.columns, index % problem.columns)
            let (prediction, target) = (
                Reference(problem.predictions[index]), Reference(problem.targets[index])
            )
            let weight = problem.weight(ofRow: row, column)
            let positive = Reference(problem.positiveWeights?.values[column] ?? 1)
            return problem.isLogits
                ? ReferenceElement(
                    logit: prediction, target: target, weight: weight, positive: positive, options)
                : ReferenceElement(
                    probability: prediction, target: target, weight: weight, positive: positive, options)
        }
    }

    /// The same elements under another reduction.
    init(_ problem: Problem, _ elements: [ReferenceElement?]) {
        (self.problem, self.elements) = (problem, elements)
    }

    /// Whether the gradient of an element is documented. It is not documented outside [0, 1], nor if a bound holds a
    /// focal loss constant while its factor still changes with the probability.
    func hasDocumentedGradient(_ index: Int) -> Bool {
        if problem.isLogits { return true }
        let p = Reference(problem.predictions[index])
        let bounds = ReferenceBounds(problem.options.clipping, problem.result)
        return !(p < 0 || p > 1) && (problem.options.focal == nil || !bounds.changes(p))
    }

    /// The reduced loss of some elements.
    func loss(of indices: some Sequence<Int>) -> ExpectedLoss {
        var loss = ExpectedLoss()
        let reduction = problem.options.reduction
        if reduction == .sum { (loss.divisor, loss.divisorMagnitude) = (1, 1) }
        for index in indices {
            guard let element = elements[index] else { continue }
            loss.sum += element.loss.value
            loss.magnitude += element.loss.magnitude
            loss.count += 1
            loss.largest = max(loss.largest, element.loss.magnitude)
            loss.focalRoundings = max(loss.focalRoundings, element.focalRoundings)
            let part: Reference =
                switch reduction {
                case .sum: 0
                case .mean: 1
                case .weightedMean: problem.weight(ofRow: index / problem.columns, index % problem.columns)
                }
            loss.divisor += part
            loss.divisorMagnitude += abs(part)
        }
        return loss
    }

    func indices(ofRow row: Int) -> Range<Int> { row * problem.columns..<(row + 1) * problem.columns }
    func indices(ofColumn column: Int) -> StrideTo<Int> {
        stride(from: column, to: problem.count, by: problem.columns)
    }
}

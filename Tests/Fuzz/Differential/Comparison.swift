// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// Compares the result of a call with the expected result of a problem.
struct Comparison {
    let problem: Problem
    let expected: Expected
    let bounds: Bounds
    /// The largest number by which an element is multiplied.
    private let largestFactor: Reference

    init(_ problem: Problem) { self.init(problem, Expected(problem)) }

    init(_ problem: Problem, _ expected: Expected) {
        self.problem = problem
        self.expected = expected
        bounds = Bounds(problem)
        largestFactor = problem.largestFactor
    }

    func check(_ result: CallResult, of kind: CallKind, writesFloats: Bool) throws {
        let scale = problem.scale
        if let loss = result.loss {
            try check(loss, expected.loss(of: 0..<problem.count), "loss")
        }
        let type: ResultType = writesFloats ? .float : .double
        switch kind {
        case .losses:
            for index in 0..<problem.count { try checkElement(result.losses[index], index) }
        case .gradient, .lossAndGradient, .lossAndDerivatives, .gradientOverLogits, .lossOverLogits:
            try checkDerivatives(result, 0..<problem.count, scale)
        case .rows, .rowsAndGradient:
            for row in 0..<problem.rows {
                let indices = expected.indices(ofRow: row)
                try check(result.losses[row], expected.loss(of: indices), "row \(row)", type)
                if kind == .rowsAndGradient { try checkDerivatives(result, indices, scale) }
            }
        case .columns, .columnsAndGradient:
            for column in 0..<problem.columns {
                let indices = expected.indices(ofColumn: column)
                try check(
                    result.losses[column], expected.loss(of: indices), "column \(column)", type,
                    isColumn: true)
                if kind == .columnsAndGradient { try checkDerivatives(result, indices, scale) }
            }
        case .report: try checkReport(result.report!)
        case .loss, .accumulator: break
        }
    }

    /// Checks a reduced loss. The bound is relative to the magnitudes of the terms in the sum and in the divisor.
    func check(
        _ actual: Double, _ loss: ExpectedLoss, _ what: @autoclosure () -> String,
        _ type: ResultType = .double,
        isColumn: Bool = false
    ) throws {
        if loss.isIllConditioned { return }
        let bound =
            isColumn
            ? bounds.columnLoss(focalRoundings: loss.focalRoundings)
            : bounds.loss(ofFew: loss.isOfFew, focalRoundings: loss.focalRoundings)
        let exact =
            bound * loss.magnitude + bounds.underflow(loss.count, ofColumns: isColumn) * max(1, largestFactor)
            + (problem.isWeighted
                ? Reference(loss.count) * Underflow.lost(problem.result, factor: largestFactor)
                : 0)
        let allowed = exact / abs(loss.divisor) * (loss.divisorMagnitude / abs(loss.divisor))
        try expect(actual, loss.value, within: allowed + type.ulp(at: loss.value) / 2, type, what())
    }

    private func checkElement(_ actual: Double, _ index: Int) throws {
        guard let element = expected.elements[index] else {
            return try expect(
                actual, 0, within: 0, problem.result, name("losses", index) + ", which does not count,")
        }
        let ulp = problem.result.ulp(at: element.loss.magnitude)
        let lost = problem.isWeighted ? Underflow.lost(problem.result, factor: largestFactor) : 0
        let allowed = bounds.elementLoss(element) * ulp + lost
        try expect(actual, element.loss.value, within: allowed, problem.result, name("losses", index))
    }

    /// Checks the gradient, and the Hessian if there is one, of the reduced loss of some elements.
    private func checkDerivatives(_ result: CallResult, _ indices: some Sequence<Int>, _ scale: Double) throws
    {
        let loss = expected.loss(of: indices)
        if loss.isIllConditioned { return }
        // If no element counts, or all weights are 0, the derivatives are 0.
        let factor = loss.divisor == 0 ? 0 : Reference(scale) / loss.divisor
        let conditioning = loss.divisor == 0 ? 1 : loss.divisorMagnitude / abs(loss.divisor)
        for index in indices {
            guard let element = expected.elements[index] else {
                let what = name("gradient", index) + ", which does not count,"
                try expect(result.gradient[index], 0, within: 0, problem.result, what)
                continue
            }
            if !expected.hasDocumentedGradient(index) || Underflow.hasNoBound(problem, index) {
                continue
            }
            try check(
                result.gradient[index], element.gradient, factor, bounds.gradient(element) * conditioning,
                name("gradient", index))
            if result.hessian.isEmpty { continue }
            try check(
                result.hessian[index], element.hessian, factor, bounds.hessian(element) * conditioning,
                name("hessian", index))
        }
    }

    private func check(
        _ actual: Double, _ terms: ReferenceTerms, _ factor: Reference, _ ulps: Reference,
        _ what: @autoclosure () -> String
    ) throws {
        // The product of 0 and a number that is infinite, or beyond the range of the type, is not documented.
        if factor == 0, terms.magnitude > problem.result.greatest { return }
        let magnitude = terms.magnitude * abs(factor)
        let unscaled = abs(factor) * largestFactor * Underflow.gradientFactor(problem)
        let allowed =
            ulps * problem.result.ulp(at: magnitude)
            + Underflow.lost(problem.result, factor: unscaled)
        try expect(actual, terms.value * factor, within: allowed, problem.result, what())
    }

    private func name(_ output: String, _ index: Int) -> String {
        let weight = Double(problem.weight(ofRow: index / problem.columns, index % problem.columns))
        return
            "\(output)[\(index)] (prediction \(problem.predictions[index]), target \(problem.targets[index]), "
            + "weight \(weight))"
    }
}

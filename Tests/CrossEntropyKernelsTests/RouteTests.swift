// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// Every route at every level of the machine, compared with the definition.
final class RouteTests: XCTestCase {
    /// Sizes around a vector, a group of four, a block and a tile.
    private let counts = [1, 15, 16, 63, 64, 65, 511, 512, 513, 2_000]

    private func formula(_ domain: PredictionDomain, _ set: (inout Formula) -> Void = { _ in }) -> Formula {
        var formula = Formula(domain)
        formula.scale = 0.75
        set(&formula)
        return formula
    }

    /// Checks the sums, written losses and derivatives of a formula for all counts, types and levels, with and without
    /// what elements may have in addition. Targets have the type of the predictions and one other type, a different one
    /// each time.
    private func check(_ formula: Formula, isSoft: Bool = false, line: UInt = #line) {
        let types = targetTypes.filter { !isSoft || $0.isSoft }
        // The type advances by one more step for each count, so that each case is combined with different types.
        var step = 0
        for count in counts {
            step += 1
            for isDouble in [false, true] {
                let same: any StoredTarget.Type = isDouble ? Double.self : Float.self
                for extras in Extras.allCases where !(formula.isFocal && extras == .positiveColumns) {
                    step += 1
                    for targetType in [same, types[step % types.count]] {
                        let problem = Problem(
                            formula, count: count, isDouble: isDouble, isSoft: isSoft, targetType, extras,
                            seed: UInt64(count))
                        for level in KernelLevel.available { problem.check(at: level, line: line) }
                    }
                }
            }
        }
    }

    func test_sums_plainLogits_areTheDefinition() { check(formula(.logits)) }
    func test_sums_softLogits_areTheDefinition() { check(formula(.logits), isSoft: true) }
    func test_sums_plainProbabilities_areTheDefinition() { check(formula(.probabilities)) }
    func test_sums_softProbabilities_areTheDefinition() { check(formula(.probabilities), isSoft: true) }

    func test_sums_smoothing_areTheDefinition() {
        for domain in [PredictionDomain.logits, .probabilities] {
            check(formula(domain) { ($0.keep, $0.halfSmoothing) = (0.9, 0.05) })
        }
    }

    func test_sums_positiveWeight_areTheDefinition() {
        for domain in [PredictionDomain.logits, .probabilities] {
            check(formula(domain) { ($0.weight, $0.positiveWeight) = (0.5, 3) })
        }
    }

    func test_sums_missingTargets_areTheDefinition() {
        check(formula(.logits) { $0.missingValue = 0 })
        check(formula(.probabilities) { $0.missingValue = 1 })
    }

    func test_sums_focal_areTheDefinition() {
        for gamma in [1, 2, 1.5, 1.7] {
            check(
                formula(.logits) {
                    ($0.isFocal, $0.gamma) = (true, gamma)
                    ($0.alphaPositive, $0.alphaNegative) = (0.25, 0.75)
                })
        }
    }

    /// The sum is beyond the range of Double.
    func test_sums_hugeLosses_areScaled() {
        let logits = [Double](repeating: 1e308, count: 100)
        let targets = [Double](repeating: 0, count: 100)
        var formula = Formula(.logits)
        for level in KernelLevel.available {
            let sum = logits.withUnsafeBytes { x in
                targets.withUnsafeBytes { t in
                    BatchSlice(
                        predictions: Column(x.baseAddress!, .double),
                        targets: Column(t.baseAddress!, .double),
                        count: 100
                    ).sums(&formula, level)
                }
            }
            XCTAssertEqual(sum.loss / ScaledDouble(100), 1e308, accuracy: 1e294, "\(level)")
        }
    }
}

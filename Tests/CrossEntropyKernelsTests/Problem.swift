// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import TestSupport
import XCTest

/// What elements have in addition to predictions and targets.
enum Extras: CaseIterable { case none, mask, weights, rowsAndColumns, positiveColumns }

/// Elements drawn at random, and checks of all results that kernels compute for them.
struct Problem {
    let formula: Formula
    let isDouble: Bool
    let targetType: any StoredTarget.Type
    let extras: Extras
    let seed: UInt64
    private let predictions, targets, weights: [Double]
    private let mask: [UInt8]
    private static let columns = 7

    init(
        _ formula: Formula, count: Int, isDouble: Bool, isSoft: Bool, _ targetType: any StoredTarget.Type,
        _ extras: Extras, seed: UInt64
    ) {
        self.formula = formula
        self.isDouble = isDouble
        self.targetType = targetType
        self.extras = extras
        self.seed = seed
        var random = SplitMix64(seed: seed)
        func rounded(_ number: Double) -> Double { isDouble ? number : Double(Float(number)) }
        predictions = (0..<count).map { _ in
            rounded(formula.isProbability ? 0.01 + 0.98 * random.unit() : 12 * random.unit() - 6)
        }
        targets = (0..<count).map { _ in
            let number = random.unit()
            return isSoft ? targetType.init(nearest: number).number : number < 0.5 ? 0 : 1
        }
        weights = (0..<count).map { _ in rounded(0.5 + random.unit()) }
        mask = (0..<count).map { _ in random.unit() < 0.2 ? 0 : 1 }
    }

    private func weight(_ index: Int) -> Double {
        switch extras {
        case .weights: weights[index]
        case .rowsAndColumns: weights[index / Self.columns] * weights[index % Self.columns]
        default: 1
        }
    }

    private func expected(_ index: Int) -> (loss: Reference, gradient: Reference, hessian: Reference) {
        Definition(formula: formula).loss(
            predictions[index], targets[index], weight: weight(index),
            positiveWeight: extras == .positiveColumns ? weights[index % Self.columns] : 1,
            isMasked: extras == .mask && mask[index] == 0)
    }

    private func counts(_ index: Int) -> Bool {
        !(extras == .mask && mask[index] == 0) && !formula.isMissing(targets[index])
    }

    func check(at level: KernelLevel, line: UInt) {
        isDouble
            ? check(Double.self, targetType, level, line) : check(Float.self, targetType, level, line)
    }

    private func check<S: LossScalar, T: StoredTarget>(
        _: S.Type, _: T.Type, _ level: KernelLevel, _ line: UInt
    ) {
        let type = S.predictionStorage.dtype
        let (x, t) = (predictions.map { S($0) }, targets.map { T(nearest: $0) })
        let w = weights.map { S($0) }
        var (losses, gradient, hessian) = (x, x, x)
        x.withUnsafeBytes { x in
            t.withUnsafeBytes { t in
                w.withUnsafeBytes { w in
                    mask.withUnsafeBytes { mask in
                        var slice = BatchSlice(
                            predictions: Column(x.baseAddress!, type),
                            targets: Column(t.baseAddress!, T.targetStorage.dtype), count: predictions.count)
                        slice.columns = Self.columns
                        let weights = Column(w.baseAddress!, type)
                        switch extras {
                        case .none: break
                        case .mask: slice.mask = Column(mask.baseAddress!, .byte)
                        case .weights: slice.weights = weights
                        case .rowsAndColumns: (slice.rowWeights, slice.columnWeights) = (weights, weights)
                        case .positiveColumns: slice.positiveColumnWeights = weights
                        }
                        check(slice, level, line)
                        write(slice, level, &losses, &gradient, &hessian)
                    }
                }
            }
        }
        let message =
            "\(S.self), \(T.self) targets, \(extras), \(level), n = \(predictions.count), seed \(seed)"
        // Units in the last place, relative to the sum of the terms if they cancel; see Route and the kernels.
        let ulps = formula.isFocal ? 60.0 : 8
        for index in predictions.indices {
            let expected = expected(index)
            let size = max(1, weight(index) * max(formula.weight, 1) * 3)
            func compare(_ value: S, _ exact: Reference, _ what: String, cancels: Bool) {
                let scale = cancels ? max(Double(abs(exact)), size * 2) : Double(abs(exact))
                let bound = ulps * Double(S(scale).ulp) + Double(S.leastNormalMagnitude)
                XCTAssertEqual(
                    Double(value), Double(exact), accuracy: bound, "\(what) of \(index), \(message)",
                    line: line)
            }
            compare(losses[index], expected.loss, "loss", cancels: false)
            let factor = Reference(formula.scale)
            compare(gradient[index], expected.gradient * factor, "gradient", cancels: true)
            if !formula.isProbability {
                compare(hessian[index], expected.hessian * factor, "Hessian", cancels: formula.isFocal)
            }
        }
    }

    /// Checks the sums and the totals, by the fastest route and in Double.
    private func check(_ slice: BatchSlice, _ level: KernelLevel, _ line: UInt) {
        let message =
            "\(targetType) targets, \(extras), \(level), n = \(slice.count), seed \(seed), Double: \(isDouble)"
        let loss = Double(predictions.indices.reduce(Reference(0)) { $0 + expected($1).loss })
        let counted = Double(predictions.indices.count { counts($0) })
        let weight = predictions.indices.reduce(0) { counts($1) ? $0 + self.weight($1) * formula.weight : $0 }
        // Documented: 2e-7 of a sum with options in Float, 3e-7 with a focal factor; 1e-14 in Double.
        let bound = isDouble ? (formula.isFocal ? 5e-14 : 1e-14) : 3e-7
        var options = formula
        for (sums, accuracy) in [
            (slice.sums(&options, level, wantsWeight: true), bound),
            (slice.exactSums(&options, level), 5e-14),
        ] {
            XCTAssertEqual(sums.loss.value, loss, accuracy: accuracy * loss, message, line: line)
            XCTAssertEqual(sums.count, counted, message, line: line)
            XCTAssertEqual(sums.weight.value, weight, accuracy: 1e-14 * weight, message, line: line)
        }
        let totals = slice.totals(&options, level)
        XCTAssertEqual(totals.count, counted, message, line: line)
        XCTAssertEqual(totals.weight.value, weight, accuracy: 1e-14 * weight, message, line: line)
    }

    private func write<S>(
        _ slice: BatchSlice, _ level: KernelLevel, _ losses: inout [S], _ gradient: inout [S],
        _ hessian: inout [S]
    ) {
        var options = formula
        let hasOutside = losses.withUnsafeMutableBytes {
            slice.write(Outputs(losses: $0.baseAddress!), &options, level)
        }
        XCTAssertFalse(hasOutside)
        let derivativesSawOutside = gradient.withUnsafeMutableBytes { gradient in
            hessian.withUnsafeMutableBytes { hessian in
                slice.write(
                    Outputs(
                        gradient: gradient.baseAddress!,
                        hessian: formula.isProbability ? nil : hessian.baseAddress!), &options, level)
            }
        }
        XCTAssertFalse(derivativesSawOutside)
    }
}

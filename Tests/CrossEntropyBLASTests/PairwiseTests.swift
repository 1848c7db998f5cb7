// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import TestSupport
import XCTest

/// Losses of all pairs of rows compared with loops that follow their definition.
final class PairwiseTests: XCTestCase {
    /// m, n, k: zero, one, primes around the number of lanes, and more columns than a block has.
    private static let shapes = [
        (0, 3, 4), (3, 0, 4), (1, 1, 1), (1, 7, 13), (7, 1, 31), (5, 3, 1), (17, 19, 67), (3, 2, 5003),
        (601, 3, 11),
    ]

    private typealias Element = (Reference, Reference) -> Reference

    func test_pairwise_everyShapeAndTarget_matchesDefinition() throws {
        for (m, n, k) in Self.shapes {
            for gap in [0, 5] {
                try check(Float.self, m, n, k, gap, .logits, .exact) { ReferenceLoss.logit($0, $1) }
                try check(Double.self, m, n, k, gap, .logits, .exact) { ReferenceLoss.logit($0, $1) }
                try check(Double.self, m, n, k, gap, .probabilities, .exact) {
                    ReferenceLoss.probability($0, $1)
                }
            }
        }
    }

    func test_pairwise_everyLinearOption_matchesDefinition() throws {
        let weighted = try BinaryCrossEntropy(reduction: .sum, positiveWeight: 3)
        let smoothed = try BinaryCrossEntropy(labelSmoothing: 0.2)
        for (m, n, k) in [(5, 4, 33), (300, 2, 2100)] {
            try check(Float.self, m, n, k, 3, .logits, weighted) {
                ReferenceLoss.logit($0, $1, ReferenceOptions(positiveWeight: 3))
            }
            try check(Double.self, m, n, k, 0, .logits, smoothed) {
                ReferenceLoss.logit($0, $1 * 0.8 + 0.1)
            }
            try check(Double.self, m, n, k, 0, .probabilities, smoothed) {
                ReferenceLoss.probability($0, $1 * 0.8 + 0.1)
            }
        }
    }

    func test_pairwise_focalFactor_isLinearOnlyInBits() throws {
        let focal = try BinaryCrossEntropy(focal: .init(gamma: 2, alpha: 0.25))
        func loss(_ x: Reference, _ t: Reference) -> Reference {
            let p = ReferenceLoss.sigmoid(x)
            let wrong = t * (1 - p) + (1 - t) * p
            return (t * 0.25 + (1 - t) * 0.75) * wrong * wrong * ReferenceLoss.logit(x, t)
        }
        try check(Double.self, 6, 5, 40, 0, .logits, focal, loss)
        try check(Float.self, 6, 5, 40, 2, .logits, focal, loss)
    }

    private enum Kind { case logits, probabilities }

    /// Targets between 0 and 1 in the type of the predictions, and 0/1 targets in bytes.
    private func check<S: LossScalar>(
        _: S.Type, _ m: Int, _ n: Int, _ k: Int, _ gap: Int, _ kind: Kind, _ options: BinaryCrossEntropy,
        _ element: Element
    ) throws {
        let seed = UInt64(m * 1009 + n * 101 + k)
        var numbers = SplitMix64(seed: seed)
        let stride = k + gap
        let x: [S] = numbers.normals(m * stride, spread: 3, S.self).map { x in
            kind == .logits ? x : 1 / (1 + S(exp(-Double(x))))
        }
        let soft = (0..<n * stride).map { _ in S(numbers.unit()) }
        let bits = numbers.bits(n * stride)
        let what = "\(S.self) \(kind) \(m) x \(n) x \(k), stride \(stride), seed \(seed)"
        let values = x.map { Reference($0) }
        // l(0) + l(1), summed over a row.
        let sizes = (0..<m).map { i in
            (0..<k).reduce(0 as Reference) { size, c in
                size + element(values[i * stride + c], 0) + element(values[i * stride + c], 1)
            }
        }
        for (targets, isSoft) in [(soft.map { Reference($0) }, true), (bits.map { Reference($0) }, false)] {
            var losses = [S](repeating: -7, count: m * (n + gap))
            let room = BLASWorkspace()
            do {
                let left = try MatrixView(x.span, rows: m, columns: k, rowStride: stride)
                let softView = try MatrixView(soft.span, rows: n, columns: k, rowStride: stride)
                let bitView = try MatrixView(bits.span, rows: n, columns: k, rowStride: stride)
                var output = try MutableMatrixView(
                    losses.mutableSpan, rows: m, columns: n, rowStride: n + gap)
                switch (kind, isSoft) {
                case (.logits, true):
                    try options.writePairwiseLosses(
                        logits: left, targets: softView, into: &output, workspace: room)
                case (.logits, false):
                    try options.writePairwiseLosses(
                        logits: left, targets: bitView, into: &output, workspace: room)
                case (.probabilities, true):
                    try options.writePairwiseLosses(
                        probabilities: left, targets: softView, into: &output, workspace: room)
                case (.probabilities, false):
                    try options.writePairwiseLosses(
                        probabilities: left, targets: bitView, into: &output, workspace: room)
                }
            }
            for (i, j) in (0..<m).flatMap({ i in (0..<n).map { (i, $0) } }) {
                // The documented bound: (k + 4) units of the sum of l(0) + l(1).
                let sum = (0..<k).reduce(0 as Reference) { sum, c in
                    sum + element(values[i * stride + c], targets[j * stride + c])
                }
                let factor = options.reduction == .sum ? 1 : 1 / Reference(k)
                XCTAssertEqual(
                    Reference(losses[i * (n + gap) + j]), sum * factor,
                    accuracy: Reference(k + 4) * Reference(S.ulpOfOne) / 2 * sizes[i] * factor,
                    "\(what) soft \(isSoft) [\(i), \(j)]")
            }
            let between = losses.indices.filter { $0 % (n + gap) >= n }
            XCTAssert(between.allSatisfy { losses[$0] == -7 }, "between rows, \(what)")
            // 2 blocks of 2 MiB, scratch of 260 KiB, and 8 bytes per row.
            XCTAssertLessThanOrEqual(room.byteCount, 4 << 20 + 300 << 10 + 8 * m, what)
        }
    }

    func test_pairwise_certainAndMissing_arePairByPair() throws {
        let x: [Float] = [.infinity, 2, -1, 1, -.infinity, -.infinity, .nan, 0]
        let t: [Float] = [1, 1, 0, 1]
        var losses = [Float](repeating: 0, count: 8)
        let left = try MatrixView(x.span, rows: 4, columns: 2)
        let right = try MatrixView(t.span, rows: 2, columns: 2)
        var output = try MutableMatrixView(losses.mutableSpan, rows: 4, columns: 2)
        try BinaryCrossEntropy(reduction: .sum).writePairwiseLosses(
            logits: left, targets: right, into: &output)
        let softplus = { (x: Double) in Float(log1p(exp(x))) }
        XCTAssertEqual(losses[0], softplus(-2), accuracy: 1e-7)
        XCTAssertEqual(losses[1], .infinity)
        XCTAssertEqual(losses[2], softplus(1) + softplus(-1), accuracy: 1e-6)
        XCTAssertEqual(losses[3], 2 * softplus(-1), accuracy: 1e-6)
        XCTAssertEqual(losses[4], .infinity)
        XCTAssertEqual(losses[5], .infinity)
        XCTAssert(losses[6].isNaN && losses[7].isNaN)

        let missing: [Float] = [1, -1, 0, 1]
        let some = try MatrixView(missing.span, rows: 2, columns: 2)
        var again = try MutableMatrixView(losses.mutableSpan, rows: 4, columns: 2)
        try BinaryCrossEntropy(missingTargets: .value(-1)).writePairwiseLosses(
            logits: left, targets: some, into: &again)
        // The accuracy of a loss with options, 2e-7 of the loss.
        XCTAssertEqual(losses[2], softplus(1), accuracy: 2e-7 * softplus(1))
        XCTAssertEqual(losses[3], softplus(-1), accuracy: 2e-7 * softplus(-1))
    }

    func test_pairwise_withoutColumns_isTheMeanOfNothing() throws {
        let nothing: [Float] = []
        var losses: [Float] = [1, 2, 3, 4, 5, 6]
        let left = try MatrixView(nothing.span, rows: 3, columns: 0, rowStride: 5)
        let right = try MatrixView(nothing.span, rows: 2, columns: 0, rowStride: 5)
        for options in [try BinaryCrossEntropy(missingTargets: .nan), .exact] {
            var output = try MutableMatrixView(losses.mutableSpan, rows: 3, columns: 2)
            try options.writePairwiseLosses(logits: left, targets: right, into: &output)
            XCTAssert(losses.allSatisfy(\.isNaN))
        }
    }

    func test_pairwise_hugeLogits_doNotOverflow() throws {
        let x: [Float] = [3e38, -3e38, 3e38, 1]
        let t: [UInt8] = [1, 0, 1, 1]
        var losses: [Float] = [0]
        let left = try MatrixView(x.span, rows: 1, columns: 4)
        let right = try MatrixView(t.span, rows: 1, columns: 4)
        var output = try MutableMatrixView(losses.mutableSpan, rows: 1, columns: 1)
        try BinaryCrossEntropy(reduction: .sum).writePairwiseLosses(
            logits: left, targets: right, into: &output)
        XCTAssertEqual(losses[0], Float(log1p(exp(-1.0))), accuracy: 1e-7)
    }

    func test_pairwise_otherShapes_areTypedErrors() throws {
        let numbers = [Float](repeating: 0.5, count: 12)
        var losses = [Float](repeating: 0, count: 12)
        let left = try MatrixView(numbers.span, rows: 3, columns: 4)
        let right = try MatrixView(numbers.span, rows: 4, columns: 3)
        var output = try MutableMatrixView(losses.mutableSpan, rows: 3, columns: 4)
        do {
            try BinaryCrossEntropy.exact.writePairwiseLosses(logits: left, targets: right, into: &output)
            XCTFail("rows of different lengths")
        } catch {
            XCTAssertEqual(
                error,
                .shapeMismatch(
                    argument: "targets", rows: 4, columns: 3, expectedRows: 4, expectedColumns: 4))
        }
        do {
            try BinaryCrossEntropy.exact.writePairwiseLosses(logits: left, targets: left, into: &output)
            XCTFail("a matrix of another shape")
        } catch {
            XCTAssertEqual(
                error,
                .shapeMismatch(argument: "losses", rows: 3, columns: 4, expectedRows: 3, expectedColumns: 3))
        }
        // One row without columns, with a row stride that is too large for BLAS.
        let none = try MatrixView(numbers.span, rows: 1, columns: 0, rowStride: 1 << 31)
        var one = try MutableMatrixView(losses.mutableSpan, rows: 1, columns: 1)
        do {
            try BinaryCrossEntropy.exact.writePairwiseLosses(logits: none, targets: none, into: &one)
            XCTFail("a stride beyond 32 bits")
        } catch {
            XCTAssertEqual(
                error,
                .matrixTooLarge(
                    argument: "predictions", rows: 1, columns: 1 << 31, limit: Int(Int32.max)))
        }
    }

    func test_pairwise_repeatedRow_isRefusedAsBLASReadsNone() throws {
        let row: [Float] = [0, 1]
        var losses: [Float] = [7, 7, 7]
        let three = try MatrixView(row.span, rows: 3, columns: 2, rowStride: 0)
        let one = try MatrixView(row.span, rows: 1, columns: 2, rowStride: 0)
        do {
            var output = try MutableMatrixView(losses.mutableSpan, rows: 3, columns: 1)
            try BinaryCrossEntropy.exact.writePairwiseLosses(logits: three, targets: one, into: &output)
            XCTFail("a stride of 0 went to BLAS")
        } catch {
            XCTAssertEqual(
                error, .invalidOption(option: "predictions.rowStride", value: 0, allowed: "at least 2"))
        }
        var output = try MutableMatrixView(losses.mutableSpan, rows: 1, columns: 1)
        try BinaryCrossEntropy.exact.writePairwiseLosses(logits: one, targets: one, into: &output)
        let sum = ReferenceLoss.logit(0, 0) + ReferenceLoss.logit(1, 1)
        XCTAssertEqual(losses[0], Float(sum / 2), accuracy: 1e-6)
    }

    func test_pairwise_outsideUnitInterval_isRefusedBeforeWriting() throws {
        let (inside, outside): ([Float], [Float]) = ([0, 1, 9, 9, 0.5, 0.25, 9, 9], [0, 1, 0.5, 1.5])
        var losses = [Float](repeating: 7, count: 6)
        // Two rows of two elements each, with a row stride of four; the elements in between are not examined.
        let gapped = try MatrixView(inside.span, rows: 2, columns: 2, rowStride: 4)
        let bad = try MatrixView(outside.span, rows: 2, columns: 2)
        func refusal(_ argument: String) -> CrossEntropyError {
            .valueOutOfDomain(argument: argument, index: 3, value: 1.5, domain: "[0, 1]")
        }
        let bce = BinaryCrossEntropy.exact
        do {
            var output = try MutableMatrixView(losses.mutableSpan, rows: 2, columns: 2, rowStride: 3)
            try bce.writePairwiseLosses(logits: gapped, targets: bad, into: &output)
            XCTFail("targets of 1.5 gave losses")
        } catch { XCTAssertEqual(error, refusal("targets")) }
        do {
            var output = try MutableMatrixView(losses.mutableSpan, rows: 2, columns: 2, rowStride: 3)
            try bce.writePairwiseLosses(probabilities: bad, targets: gapped, into: &output)
            XCTFail("probabilities of 1.5 gave losses")
        } catch { XCTAssertEqual(error, refusal("probabilities")) }
        XCTAssertEqual(losses, [Float](repeating: 7, count: 6))
        var output = try MutableMatrixView(losses.mutableSpan, rows: 2, columns: 2, rowStride: 3)
        let unchecked = try bce.with(domainChecks: .unchecked)
        try unchecked.writePairwiseLosses(logits: gapped, targets: bad, into: &output)
        let expected = ReferenceLoss.logit(0, 0.5) + ReferenceLoss.logit(1, 1.5)
        XCTAssertEqual(losses[1], Float(expected / 2), accuracy: 1e-6)
    }

    /// A focal loss is not linear in bytes other than 0 and 1.
    func test_pairwise_uncheckedBytes_areThoseOfTheSameLoss() throws {
        let bce = try BinaryCrossEntropy(focal: .init(gamma: 2)).with(domainChecks: .unchecked)
        let (x, t): ([Double], [UInt8]) = ([0.5, -1, -2], [0, 2, 2])
        var losses: [Double] = [0]
        let left = try MatrixView(x.span, rows: 1, columns: 3)
        let right = try MatrixView(t.span, rows: 1, columns: 3)
        do {
            var output = try MutableMatrixView(losses.mutableSpan, rows: 1, columns: 1)
            try bce.writePairwiseLosses(logits: left, targets: right, into: &output)
        }
        let expected = try bce.loss(logits: x, targets: t)
        XCTAssertEqual(losses[0], expected, accuracy: 1e-13 * abs(expected))
    }
}

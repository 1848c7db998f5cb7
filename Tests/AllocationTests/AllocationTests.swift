// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import CrossEntropy
import CrossEntropyBLAS
import XCTest

/// A call on one thread allocates no memory, whatever its size and options.
final class AllocationTests: XCTestCase {
    private func allocations(of body: () throws -> Void) throws -> Int64 {
        try XCTSkipIf(allocation_count() < 0, "allocations are counted with glibc only")
        try body()  // created once, on first use
        let before = allocation_count()
        for _ in 0..<100 { try body() }
        return allocation_count() - before
    }

    func test_counter_arrayMade_isCounted() throws {
        var sink = 0
        let counted = try allocations { sink += [Int](repeating: sink, count: 1000).count }
        XCTAssertGreaterThanOrEqual(counted, 100)
    }

    func test_loss_anySize_allocatesNothing() throws {
        for count in [0, 1, 16, 1000, 100_003] {
            let predictions = [Float](repeating: 0.25, count: count)
            let targets = [Float](repeating: 1, count: count)
            let labels = [Bool](repeating: true, count: count)
            for options in [BinaryCrossEntropy.exact, .keras, .pyTorch] {
                let serial = try options.with(threads: .serial)
                var total = 0.0
                let counted = try allocations {
                    total += try serial.loss(probabilities: predictions.span, targets: targets.span)
                    total += try serial.loss(logits: predictions.span, targets: targets.span)
                    total += try serial.loss(logits: predictions, targets: labels)
                    total += try serial.loss(probabilities: predictions, targets: predictions)
                }
                XCTAssertEqual(counted, 0, "\(count) elements, \(options.clipping)")
                XCTAssertTrue(count == 0 || total > 0)
            }
        }
    }

    func test_arrayCalls_outputsWithRoom_allocateNothing() throws {
        let serial = try BinaryCrossEntropy.exact.with(threads: .serial)
        for count in [16, 1000, 100_003] {
            let (x, t) = ([Float](repeating: 0.25, count: count), [Float](repeating: 1, count: count))
            let (weights, mask) = ([Float](repeating: 2, count: count), [Bool](repeating: true, count: count))
            var (gradient, hessian, losses) = (x, x, x)
            var total = 0.0
            let counted = try allocations {
                total += try serial.loss(logits: x, targets: t, weights: weights, mask: mask)
                total += try serial.loss(logits: x, targets: t, weights: weights, gradient: &gradient)
                total += try serial.loss(
                    logits: x, targets: t, gradient: &gradient, hessianDiagonal: &hessian)
                try serial.losses(logits: x, targets: t, into: &losses)
                try serial.gradient(probabilities: x, targets: t, into: &gradient)
            }
            XCTAssertEqual(counted, 0, "\(count) elements")
            XCTAssertGreaterThan(total, 0)
        }
    }

    func test_writeLosses_anySize_allocatesNothing() throws {
        let serial = try BinaryCrossEntropy.exact.with(threads: .serial)
        for count in [16, 100_003] {
            let predictions = [Double](repeating: 0.25, count: count)
            var losses = [Double](repeating: 0, count: count)
            let counted = try allocations {
                var span = losses.mutableSpan
                try serial.writeLosses(
                    probabilities: predictions.span, targets: predictions.span, into: &span)
            }
            XCTAssertEqual(counted, 0, "\(count) elements")
        }
    }

    func test_batches_everyOption_allocateNothing() throws {
        let count = 30_003
        let logits = (0..<count).map { Float($0 % 13) - 6 }
        let targets = logits.map { $0 > 1 }
        let weights = logits.map { abs($0) }
        var (gradient, hessian) = (weights, weights)
        let loss = try BinaryCrossEntropy(
            reduction: .weightedMean, labelSmoothing: 0.1, focal: .init(), threads: .serial)
        var total = LossAccumulator()
        let counted = try allocations {
            let batch = try LossBatch(logits: logits.span, targets: targets.span, columns: 3)
                .weighted(byElement: weights.span).weighted(byRow: weights.span.extracting(0..<count / 3))
                .weighted(byColumn: weights.span.extracting(0..<3)).masked(by: targets.span)
            var first = gradient.mutableSpan
            _ = try loss.loss(batch)
            try loss.writeGradient(batch, into: &first)
            try loss.add(batch, to: &total)
            _ = try loss.report(batch)
            var third = hessian.mutableSpan
            try loss.writeLosses(batch, into: &third)
        }
        XCTAssertEqual(counted, 0)
        XCTAssertGreaterThan(total.sum, 0)
    }

    func test_rowLosses_anyShape_allocateNothing() throws {
        let serial = try BinaryCrossEntropy.exact.with(threads: .serial)
        let logits = (0..<60_000).map { Float($0 % 13) - 6 }
        let targets = logits.map { $0 > 1 }
        for columns in [3, 100, 3000] {
            var losses = [Double](repeating: 0, count: logits.count / columns)
            let counted = try allocations {
                let batch = try LossBatch(logits: logits.span, targets: targets.span, columns: columns)
                var span = losses.mutableSpan
                try serial.writeRowLosses(batch, into: &span)
                try serial.writeRowLosses(
                    batch.weighted(byColumn: logits.span.extracting(0..<columns)), into: &span)
            }
            XCTAssertEqual(counted, 0, "\(columns) columns")
        }
    }

    /// Allocations are per call, not per row.
    func test_matrices_givenAWorkspace_allocateAsMuchForManyRows() throws {
        let numbers = (0..<40_000).map { Float($0 % 13) - 6 }
        let targets = numbers.map { $0 > 1 }
        let parameters = [Double](repeating: 0.01, count: 21)
        var gradient = [Double](repeating: 0, count: 21)
        var losses = [Float](repeating: 0, count: 8000)
        let serial = try BinaryCrossEntropy.exact.with(threads: .serial)
        let workspace = BLASWorkspace()
        var counts: [Int64] = []
        for rows in [20, 2000] {
            let counted = try allocations {
                let features = try MatrixView(numbers.span, rows: rows, columns: 20)
                let few = try MatrixView(targets.span, rows: 4, columns: 20)
                var pairs = try MutableMatrixView(losses.mutableSpan, rows: rows, columns: 4)
                try serial.writePairwiseLosses(
                    logits: features, targets: few, into: &pairs, workspace: workspace)
                let objective = try LogisticObjective(
                    features: features, targets: targets.span.extracting(0..<rows), loss: serial)
                var span = gradient.mutableSpan
                _ = try objective.value(
                    parameters.span, writingGradientInto: &span, workspace: workspace)
                try objective.writeHessianProduct(
                    parameters.span, direction: parameters.span, into: &span, workspace: workspace)
            }
            counts.append(counted)
        }
        // The totals of a hundred calls each: workspaces that grew, and lists of blocks.
        XCTAssertLessThanOrEqual(counts[1], counts[0] + 10, "\(counts)")
    }

    func test_loss_automaticBelowBreakEven_allocatesNothing() throws {
        let logits = [Float](repeating: 1, count: 4096)
        var total = 0.0
        let counted = try allocations {
            total += try BinaryCrossEntropy.exact.loss(logits: logits, targets: logits)
        }
        XCTAssertEqual(counted, 0)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCBLAS
import Dispatch
import XCTest

/// Threads within a call, and calls from many threads; run under the Thread Sanitizer by `make sanitize`.
final class ThreadTests: XCTestCase {
    /// Above the break-even point of two threads, with an incomplete tile.
    private let count = (1 << 20) + 3
    private lazy var item = Case<Float>.logits(spread: 3, .random, count: count, seed: 71)

    func test_writeGradient_anyNumberOfThreads_sameBits() throws {
        let (x, t) = (item.predictions, item.targets)
        func gradient(_ threads: BinaryCrossEntropy.ThreadPolicy) throws -> [Float] {
            var gradient = [Float](repeating: .nan, count: count)
            var span = gradient.mutableSpan
            let loss = try BinaryCrossEntropy.exact.with(threads: threads)
            try loss.writeGradient(logits: x.span, targets: t.span, into: &span)
            return gradient
        }
        let expected = try gradient(.serial)
        for threads in [.atMost(2), .atMost(3), .automatic] as [BinaryCrossEntropy.ThreadPolicy] {
            XCTAssertEqual(try gradient(threads), expected, "\(threads)")
        }
    }

    /// A kernel writes plain elements of several tiles in one call, of which there are more in a serial call. If a result
    /// is not finite, it writes them tile by tile.
    func test_everyOutput_ofProbabilitiesOnThreads_sameBits() throws {
        for options in [BinaryCrossEntropy.exact, .keras, .pyTorch] {
            try checkOutputs(options, unusual: [:] as [Int: Float])
            try checkOutputs(
                options, unusual: [70_000: .nan, 300_001: 0, 300_002: 1, 300_003: 1e-30] as [Int: Float])
            try checkOutputs(
                options, unusual: [70_000: .nan, 300_001: 0, 300_002: 1, 300_003: 1e-300] as [Int: Double])
        }
    }

    private func checkOutputs<S: LossScalar & BinaryFloatingPoint>(
        _ options: BinaryCrossEntropy, unusual: [Int: S]
    ) throws {
        let item = Case<S>.probabilities("uniform", count: count, seed: 72) { $0.unit() }
        var p = item.predictions
        for (index, value) in unusual { p[index] = value }
        func bits(_ numbers: [S]) -> [UInt64] { numbers.map { Double($0).bitPattern } }
        func outputs(_ threads: BinaryCrossEntropy.ThreadPolicy) throws -> [[UInt64]] {
            let bce = try options.with(threads: threads)
            let batch = try LossBatch(probabilities: p.span, targets: item.targets.span)
            var (gradient, losses) = ([S](repeating: 0, count: count), [S](repeating: 0, count: count))
            var span = gradient.mutableSpan
            try bce.writeGradient(batch, into: &span)
            var second = losses.mutableSpan
            try bce.writeLosses(batch, into: &second)
            return [bits(gradient), bits(losses)]
        }
        XCTAssertTrue(
            try outputs(.serial) == outputs(.atMost(3)), "\(options), \(unusual), seed 72")
    }

    /// Only one caller has the helper threads at a time; the others work alone.
    func test_loss_fromManyThreadsAtOnce_sameBits() throws {
        let (x, t) = (item.predictions, item.targets)
        let expected = try BinaryCrossEntropy.exact.loss(logits: x, targets: t)
        let results = UnsafeMutableBufferPointer<Double>.allocate(capacity: 32)
        defer { results.deallocate() }
        results.initialize(repeating: .nan)
        nonisolated(unsafe) let places = results
        DispatchQueue.concurrentPerform(iterations: results.count) { index in
            places[index] = (try? BinaryCrossEntropy.exact.loss(logits: x, targets: t)) ?? .nan
        }
        for result in results { XCTAssertEqual(result, expected) }
    }

    /// Helper threads go to sleep after a while, and are woken again.
    func test_loss_afterAPause_sameBits() throws {
        let expected = try BinaryCrossEntropy.exact.loss(logits: item.predictions, targets: item.targets)
        for milliseconds in [0, 1, 5, 20] {
            Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
            XCTAssertEqual(
                try BinaryCrossEntropy.exact.loss(logits: item.predictions, targets: item.targets), expected)
        }
    }

    func test_loss_onThreads_leavesOpenBLASAsItIs() throws {
        let before = openblas_get_num_threads()
        _ = try BinaryCrossEntropy.exact.loss(logits: item.predictions, targets: item.targets)
        XCTAssertEqual(openblas_get_num_threads(), before)
    }
}

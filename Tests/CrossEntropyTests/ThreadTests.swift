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

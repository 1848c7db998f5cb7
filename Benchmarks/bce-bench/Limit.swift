// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// The limit set by memory: the least work that touches the same streams.
///
/// If CBLAS has a function for these streams, two candidates are timed, and the faster one is the limit of the table.
/// One is CBLAS, whose loops are written for this CPU but are only as good as its authors made them; the other is a
/// Swift loop, which is compiled for the baseline instruction set. CBLAS does not write a third stream: its axpy
/// overwrites one of the streams that it reads, which is a third less traffic.
func limits<S: BenchScalar>(_ operation: Operation<S>, threads: Int) -> [Candidate<S>] {
    let loop = Candidate<S>(name: Implementation.limit, note: "Swift SIMD") { buffers in
        inParallel(threads, buffers.predictions.count) { touch(buffers, $0, outputs: operation.outputs) }
    }
    guard operation.targets.bytes(of: S.self) > 1, !operation.isWeighted, operation.outputs == 0 else {
        return [loop]
    }
    let dot = Candidate<S>(name: Implementation.limit, note: "cblas_\(S.blasPrefix)dot") {
        Double(S.blasDot($0.predictions.count, $0.predictions.baseAddress!, $0.targets.baseAddress!))
    }
    return [dot, loop]
}

/// Reads all streams of the elements in `range`, and writes the same number of results.
private func touch<S: BenchScalar>(_ buffers: Buffers<S>, _ range: Range<Int>, outputs: Int) -> Double {
    let x = buffers.predictions.baseAddress!
    guard let t = buffers.targets.count > 0 ? buffers.targets.baseAddress : nil else {
        return sum(x, range) + sum(of: buffers.targetBytes, part: range, of: buffers.predictions.count)
    }
    if outputs == 0 {
        return buffers.weights.count > 0 ? dot(x, t, buffers.weights.baseAddress!, range) : dot(x, t, range)
    }
    add(x, t, into: buffers.first.baseAddress!, outputs > 1 ? buffers.second.baseAddress : nil, range)
    return Double(buffers.first[range.lowerBound])
}

/// Processes one piece of the elements per thread. The sum of the values that `body` returns exists only so that they
/// are used.
func inParallel(_ threads: Int, _ count: Int, _ body: (Range<Int>) -> Double) -> Double {
    if threads == 1 || count < threads { return body(0..<count) }
    return withoutActuallyEscaping(body) { body in
        // The pieces read only memory that is never written, and write to separate places.
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: threads) {
            blackHole(body($0 * count / threads..<($0 + 1) * count / threads))
        }
        return 0
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// What memory allows: the least work that touches the same streams.
///
/// Where CBLAS has a function for them, two candidates are timed and the faster is the limit of the table: CBLAS, whose
/// loops are written for this CPU but may be no better than its authors made them, and a Swift loop, which is compiled
/// for the baseline instruction set. CBLAS writes no third stream: its axpy writes over one that it reads, a third less
/// traffic.
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

/// Reads every stream of elements `range`, and writes as many results.
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

/// One piece of the elements for each thread; the sum of what `body` returns is only there to be used.
func inParallel(_ threads: Int, _ count: Int, _ body: (Range<Int>) -> Double) -> Double {
    if threads == 1 || count < threads { return body(0..<count) }
    return withoutActuallyEscaping(body) { body in
        // Pieces read what nobody writes and write to places of their own.
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: threads) {
            blackHole(body($0 * count / threads..<($0 + 1) * count / threads))
        }
        return 0
    }
}

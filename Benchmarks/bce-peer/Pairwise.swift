// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import Foundation

/// `bce-peer pairwise FOLDER M N K`: computes the matrix of losses of x.raw (m x k logits) against t.raw (n x k
/// targets) for each input line, which gives a number of repetitions, and answers with wall nanoseconds and the sum of
/// the losses. `OPENBLAS_NUM_THREADS` sets the number of BLAS threads.
struct Pairwise {
    private let m, n, k: Int
    private let logits, targets: [Float]
    private let loss = BinaryCrossEntropy.exact
    private let workspace = BLASWorkspace()
    private var losses: [Float]

    init(_ words: [String]) throws {
        guard words.count == 4, let m = Int(words[1]), let n = Int(words[2]), let k = Int(words[3]) else {
            throw PeerError.usage
        }
        (self.m, self.n, self.k) = (m, n, k)
        logits = try readElements(words[0] + "/x.raw", m * k)
        targets = try readElements(words[0] + "/t.raw", n * k)
        losses = [Float](repeating: 0, count: m * n)
    }

    mutating func obey() throws {
        while let line = readLine() {
            guard let repetitions = Int(line) else { throw PeerError.usage }
            try call()
            let start = nanoseconds(CLOCK_MONOTONIC)
            for _ in 0..<repetitions { try call() }
            let wall = nanoseconds(CLOCK_MONOTONIC) - start
            print(wall, losses.reduce(0) { $0 + Double($1) })
            flushOutput()
        }
    }

    private mutating func call() throws {
        let (loss, x, t, m, n, k) = (loss, logits, targets, m, n, k)
        let logits = try MatrixView(x.span, rows: m, columns: k)
        let targets = try MatrixView(t.span, rows: n, columns: k)
        let workspace = workspace
        var output = try MutableMatrixView(losses.mutableSpan, rows: m, columns: n)
        try loss.writePairwiseLosses(
            logits: logits, targets: targets, into: &output, workspace: workspace)
    }
}

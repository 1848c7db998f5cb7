// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import CrossEntropyCBLAS
import Foundation
import NaiveCrossEntropy

extension MatrixTable {
    /// The matrix of losses of m rows of logits against n rows of targets. An element is a multiply-add, and the limit
    /// is the rate at which this CPU performs them. One gemm of that shape, which is only as good as the BLAS, is a
    /// separate row.
    static func pairwise(_ m: Int, _ n: Int, _ k: Int, _ threads: Int) -> MatrixTable {
        let data = Lazy { PairwiseData(m, n, k) }
        let options = BinaryCrossEntropy.onThreads(threads).with(reduction: .sum)
        let workspace = BLASWorkspace()
        let naive = NaiveBinaryCrossEntropy()
        // The naive loop would take half a minute for all rows.
        let rows = 4
        return MatrixTable(
            setting: Setting(
                operation: "pairwise.logits-\(m)x\(n)x\(k)",
                bytesPerElement: 4 * (1 / Double(m) + 1 / Double(n) + 1 / Double(k)), count: m * n * k,
                threads: threads),
            implementations: [
                Implementation(
                    name: Implementation.naive, note: "\(rows) of \(m) rows", share: Double(rows) / Double(m)
                ) {
                    let (logits, targets) = (data.value.logits, data.value.targets)
                    for (i, j) in (0..<rows).lazy.flatMap({ i in (0..<n).lazy.map { (i, $0) } }) {
                        let loss = naive.loss(
                            logits: logits.span.extracting(i * k..<(i + 1) * k),
                            targets: targets.span.extracting(j * k..<(j + 1) * k))
                        data.value.losses[i * n + j] = Float(loss)
                    }
                    return data.value.corner
                },
                Implementation(name: "vector", note: "one gemm") {
                    let (x, t, output) = (data.value.logits, data.value.targets, data.value.losses)
                    let logits = try MatrixView(x.span, rows: m, columns: k)
                    let targets = try MatrixView(t.span, rows: n, columns: k)
                    var losses = try MutableMatrixView(output.mutableSpan, rows: m, columns: n)
                    try options.writePairwiseLosses(
                        logits: logits, targets: targets, into: &losses, workspace: workspace)
                    return data.value.corner
                },
                Implementation(name: "blas-two-gemms", note: "softplus(-x) t + softplus(x) (1 - t)") {
                    try data.value.writeByTwoProducts(options)
                    return data.value.corner
                },
                Implementation(
                    name: "blas-sgemm", note: "the product alone", operations: 2, isPart: true
                ) {
                    data.value.multiply(data.value.logits, data.value.targets, 0)
                    return data.value.corner
                },
                Implementation(
                    name: Implementation.limit, note: MultiplyAdds.note, operations: 2
                ) { MultiplyAdds.run(m * n * k, threads: threads) },
            ])
    }
}

/// Logits, 0/1 targets, room for losses, and for the intermediate results of Mask2Former's form of the same
/// computation.
private final class PairwiseData {
    let m, n, k: Int
    let logits, targets, losses: UnsafeMutableBufferPointer<Float>
    private let others, positive, negative: UnsafeMutableBufferPointer<Float>

    init(_ m: Int, _ n: Int, _ k: Int) {
        (self.m, self.n, self.k) = (m, n, k)
        (logits, positive, negative) = (zeros(m * k), zeros(m * k), zeros(m * k))
        (targets, others, losses) = (zeros(n * k), zeros(n * k), zeros(m * n))
        var random = SplitMix64(state: 7)
        for index in logits.indices { logits[index] = Float(3 * random.nextNormal()) }
        for index in targets.indices { targets[index] = random.nextUniform() < 0.5 ? 0 : 1 }
    }

    var corner: Double { Double(losses[3 * n + n - 1]) }

    func multiply(
        _ a: UnsafeMutableBufferPointer<Float>, _ b: UnsafeMutableBufferPointer<Float>, _ beta: Float
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), 1, a.baseAddress!,
            Int32(k), b.baseAddress!, Int32(k), beta, losses.baseAddress!, Int32(n))
    }

    /// The two einsums: the losses against ones and against zeros, each multiplied by the targets to which they apply.
    func writeByTwoProducts(_ options: BinaryCrossEntropy) throws {
        let (ones, zeros) = ([Bool](repeating: true, count: m * k), [Bool](repeating: false, count: m * k))
        var span = positive.mutableSpan
        try options.writeLosses(logits: logits.span, targets: ones.span, into: &span)
        span = negative.mutableSpan
        try options.writeLosses(logits: logits.span, targets: zeros.span, into: &span)
        for index in targets.indices { others[index] = 1 - targets[index] }
        multiply(positive, targets, 0)
        multiply(negative, others, 1)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels

// Alternatives that the library does not use, kept to show why. They are built from its kernels and run on one thread.

extension Candidate {
    /// A logarithm per element instead of the logarithm of a product.
    static func logarithmEach(_ domain: PredictionDomain) -> Candidate {
        let level = KernelLevel.requested.level ?? .best
        var formula = Formula(domain)
        return Candidate(name: "vector-each", note: "a logarithm for each element") { buffers in
            sumOverTiles(buffers) { predictions, targets, count in
                let slice = BatchSlice(
                    predictions: Column(predictions, S.storage),
                    targets: Column(targets, S.storage), count: count)
                return slice.exactSums(&formula, level).loss.value
            }
        }
    }

    /// The sum of t x by CBLAS, and the sum of softplus(x) by the kernel with targets that are all 0. Both read a tile
    /// while it is in cache.
    static var softplusLessDot: Candidate {
        let level = KernelLevel.requested.level ?? .best
        var formula = Formula.plainLogits
        let zeros = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: S.tile)
        zeros.initialize(repeating: 0)
        return Candidate(name: "blas", note: "softplus - cblas_\(S.blasPrefix)dot") { buffers in
            sumOverTiles(buffers) { logits, targets, count in
                let slice = BatchSlice(
                    predictions: Column(logits, S.storage),
                    targets: Column(zeros.baseAddress!, .byte), count: count)
                return slice.sums(&formula, level).loss.value - Double(S.blasDot(count, logits, targets))
            }
        }
    }

    /// Writes the losses of a tile, which stay in cache, and multiplies them by their weights with CBLAS.
    static var lossesDotWeights: Candidate {
        let level = KernelLevel.requested.level ?? .best
        var formula = Formula.plainLogits
        let losses = UnsafeMutablePointer<S>.allocate(capacity: S.tile)
        return Candidate(name: "blas", note: "losses, then cblas_\(S.blasPrefix)dot") { buffers in
            let first = buffers.predictions.baseAddress!
            return sumOverTiles(buffers) { logits, targets, count in
                let slice = BatchSlice(
                    predictions: Column(logits, S.storage),
                    targets: Column(targets, S.storage), count: count)
                slice.write(Outputs(losses: losses), &formula, level)
                return Double(S.blasDot(count, losses, buffers.weights.baseAddress! + (logits - first)))
            }
        }
    }
}

private func sumOverTiles<S: BenchScalar>(
    _ buffers: Buffers<S>, _ body: (UnsafePointer<S>, UnsafePointer<S>, _ count: Int) -> Double
) -> Double {
    let count = buffers.predictions.count
    var sum = 0.0
    for start in stride(from: 0, to: count, by: S.tile) {
        sum += body(
            buffers.predictions.baseAddress! + start, buffers.targets.baseAddress! + start,
            min(S.tile, count - start))
    }
    return sum
}

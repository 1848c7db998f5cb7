// SPDX-License-Identifier: Apache-2.0

import KernelLevels

// What the library could have done and does not, kept to show why; built from its kernels, on one thread.

extension Candidate {
    /// A logarithm for each element instead of the logarithm of a product.
    static func logarithmEach(_ domain: PredictionDomain) -> Candidate {
        let level = KernelLevel.requested.level ?? .best
        let formula = LossFormula(domain, bounds: nil)
        return Candidate(name: "vector-each", note: "a logarithm for each element") { buffers in
            sumOverTiles(buffers) { predictions, targets, count in
                var tile = LossTile(
                    predictions: ElementColumn(predictions, S.storage),
                    targets: ElementColumn(targets, S.storage), count: count)
                return tile.sumEach(formula, level)
            }
        }
    }

    /// The sum of t x by CBLAS, and the sum of softplus(x) by the kernel for targets that are all 0. Both see a tile
    /// while it is in cache.
    static var softplusLessDot: Candidate {
        let level = KernelLevel.requested.level ?? .best
        let formula = LossFormula(.logits, bounds: nil)
        let zeros = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: S.tile)
        zeros.initialize(repeating: 0)
        return Candidate(name: "blas", note: "softplus - cblas_\(S.blasPrefix)dot") { buffers in
            sumOverTiles(buffers) { logits, targets, count in
                var tile = LossTile(
                    predictions: ElementColumn(logits, S.storage),
                    targets: ElementColumn(zeros.baseAddress!, .byte), count: count)
                return tile.sum(formula, level).value - Double(S.blasDot(count, logits, targets))
            }
        }
    }

    /// The losses of a tile, written to the cache, times their weights by CBLAS.
    static var lossesDotWeights: Candidate {
        let level = KernelLevel.requested.level ?? .best
        let formula = LossFormula(.logits, bounds: nil)
        let losses = UnsafeMutablePointer<S>.allocate(capacity: S.tile)
        return Candidate(name: "blas", note: "losses, then cblas_\(S.blasPrefix)dot") { buffers in
            let first = buffers.predictions.baseAddress!
            return sumOverTiles(buffers) { logits, targets, count in
                var tile = LossTile(
                    predictions: ElementColumn(logits, S.storage),
                    targets: ElementColumn(targets, S.storage), count: count)
                tile.write(into: losses, formula, level)
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

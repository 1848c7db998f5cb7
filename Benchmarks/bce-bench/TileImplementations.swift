import KernelLevels

// What the library could have done and does not, kept to show why; built from its kernels, on one thread.

/// A logarithm for each element instead of the logarithm of a product.
func eachCall<S: BenchScalar>(
    _ operation: Operation, _ buffers: Buffers<S>
) -> () throws -> Double {
    let (predictions, targets) = (buffers.predictions, buffers.targets)
    let level = KernelLevel.requested.level ?? .best
    let formula = LossFormula(operation.domain == .logits ? .logits : .probabilities, bounds: nil)
    return {
        sumOverTiles(predictions.count, S.tile) { start, count in
            var tile = LossTile(
                predictions: ElementColumn(predictions.baseAddress! + start, S.storage),
                targets: ElementColumn(targets.baseAddress! + start, S.storage), count: count)
            return tile.sumEach(formula, level)
        }
    }
}

/// The sum of t x by CBLAS, and the sum of softplus(x) by the kernel for targets that are all 0. Both see a tile while
/// it is in cache.
func blasCall<S: BenchScalar>(_ buffers: Buffers<S>) -> () throws -> Double {
    let (predictions, targets) = (buffers.predictions, buffers.targets)
    let level = KernelLevel.requested.level ?? .best
    let formula = LossFormula(.logits, bounds: nil)
    let zeros = [UInt8](repeating: 0, count: S.tile)
    return {
        zeros.withUnsafeBufferPointer { zeros in
            sumOverTiles(predictions.count, S.tile) { start, count in
                let logits = predictions.baseAddress! + start
                var tile = LossTile(
                    predictions: ElementColumn(logits, S.storage),
                    targets: ElementColumn(zeros.baseAddress!, .byte), count: count)
                return tile.sum(formula, level)
                    - Double(S.blasDot(count, logits, targets.baseAddress! + start))
            }
        }
    }
}

private func sumOverTiles(
    _ count: Int, _ tile: Int, _ body: (_ start: Int, _ count: Int) -> Double
) -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: count, by: tile) {
        sum += body(start, min(tile, count - start))
    }
    return sum
}

// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels
internal import VectorKernels

extension LossTile {
    /// The sum of plain losses times a weight each: losses in the type of the predictions, part by part into a buffer
    /// that stays in the first cache, and from there their products with the weights. A kernel that needs no buffer is no
    /// faster (0.56 ns an element both, Float, AVX-512): registers run out.
    ///
    /// Error: that of a loss, below 3 ulp of the predictions' type, and of the product where all elements are alike; over
    /// many it averages out.
    func sumWeighted(_ formula: LossFormula, _ level: KernelLevel) -> Double {
        let storage = call.predictions.storage == LK_F64 ? LK_F64 : LK_F32
        // 4 KiB: with the weights and the inputs a third of the first cache. Not a temporary allocation, which above 1
        // KiB is one of the heap.
        var room = InlineArray<512, Double>(repeating: 0)
        return withUnsafeMutableBytes(of: &room) { room in
            let losses = room.baseAddress!
            let elements = room.count / (storage == LK_F64 ? 8 : 4)
            var sum = 0.0
            for start in stride(from: 0, to: call.count, by: elements) {
                var part = unweighted(start..<min(call.count, start + elements))
                part.write(into: losses, formula, level)
                part.call.kernel = LK_SUM_PRODUCTS
                part.call.predictions = lk_elements(base: losses, storage: storage)
                part.call.weights = call.weights.from(start)
                sum += dispatch(&part.call, level)
            }
            return sum
        }
    }

    private func unweighted(_ range: Range<Int>) -> LossTile {
        var part = self
        part.call.count = range.count
        part.call.predictions = call.predictions.from(range.lowerBound)
        part.call.targets = call.targets.from(range.lowerBound)
        part.call.weights = lk_elements(nil)
        return part
    }
}

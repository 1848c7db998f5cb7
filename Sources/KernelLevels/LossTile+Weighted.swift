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
        let bytes = Tuning.weightedElements * (storage == LK_F64 ? 8 : 4)
        return withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { losses in
            var sum = 0.0
            for start in stride(from: 0, to: call.count, by: Tuning.weightedElements) {
                var part = unweighted(start..<min(call.count, start + Tuning.weightedElements))
                part.write(into: losses.baseAddress!, formula, level)
                part.call.kernel = LK_SUM_PRODUCTS
                part.call.predictions = lk_elements(base: losses.baseAddress!, storage: storage)
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

// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels
internal import VectorKernels

extension LossTile {
    /// Whether `sumRows` knows such rows.
    package func canSumRows(_ formula: LossFormula) -> Bool {
        formula.isPlain && hasTargetsOnly && call.count <= Tuning.rowColumns && call.count > 0
    }

    /// The sum of the losses of each of `count` rows, of which this tile is the first; NaN where `sum` must tell.
    ///
    /// - Parameters:
    ///   - predictionStride: elements from the beginning of a row to that of the next.
    ///   - sums: `count` numbers.
    package mutating func sumRows(
        _ count: Int, predictionStride: Int, targetStride: Int, into sums: UnsafeMutablePointer<Double>,
        _ formula: LossFormula, _ level: KernelLevel
    ) {
        call.rows = count
        call.prediction_stride = predictionStride
        call.target_stride = targetStride
        call.row_sums = sums
        let kernel = formula.domain == .logits ? LK_SUM_LOGIT_ROWS : LK_SUM_PROBABILITY_ROWS
        // As vectors, to be aligned like them; not a temporary allocation, which above 1 KiB is one of the heap.
        var scratch = InlineArray<52, SIMD16<Double>>(repeating: .zero)
        withUnsafeMutableBytes(of: &scratch) { scratch in
            precondition(scratch.count >= LK_ROW_SCRATCH)
            call.row_scratch = scratch.baseAddress!
            _ = formula.isBounded ? run(kernel, formula, level) : runWithoutFormula(kernel, level)
        }
    }
}

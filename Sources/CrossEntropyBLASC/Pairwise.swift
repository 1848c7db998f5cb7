// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import CrossEntropyBLASCInterface
import CrossEntropyC
import CrossEntropyKernels

@c @implementation
public func ce_pairwise_losses(
    _ options: UnsafePointer<ce_options>?, _ kind: ce_prediction, _ predictions: UnsafePointer<ce_matrix>?,
    _ targets: UnsafePointer<ce_matrix>?, _ losses: UnsafeMutableRawPointer?, _ stride: Int64, _ room: Int64
) -> ce_status {
    attempt {
        let options = try BinaryCrossEntropy(options)
        let domain: PredictionDomain = try isLogits(kind) ? .logits : .probabilities
        let left = try Matrix(predictions, .operands, "predictions")
        let right = try Matrix(targets, .targets, "targets")
        let output = try ResultMatrix(
            losses, "losses", rows: left.rows, columns: right.rows, stride: stride, room: room,
            bytes: left.dtype.bytes(1))
        try options.writePairwise(
            domain, left, right,
            into: PairwiseOutput(losses, rows: left.rows, columns: right.rows, rowStride: output.rowStride),
            nil)
    }
}

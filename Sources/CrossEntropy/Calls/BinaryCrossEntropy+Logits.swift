// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension BinaryCrossEntropy {
    /// Writes the logit of each probability, its log-odds ln p - ln(1 - p), into `logits`. This is the inverse of
    /// `writeProbabilities(logits:into:)`. Of the options, only `threads` has an effect.
    ///
    /// Probabilities of 0 and 1 give -infinity and infinity. A number outside [0, 1] gives NaN, as does NaN. Accuracy:
    /// within 4 ulp, down to the subnormal numbers and next to 1/2.
    ///
    /// - Parameters:
    ///   - probabilities: n numbers in [0, 1].
    ///   - logits: receives n numbers; elements beyond those are unchanged.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written.
    @inlinable
    public func writeLogits<P: LossPrediction>(
        probabilities: Span<P>, into logits: inout MutableSpan<P.LossResult>
    ) throws(CrossEntropyError) {
        let output = unsafe logits.withUnsafeMutableBytes { unsafe $0 }
        try unsafe writeLogits(Memory(probabilities), into: output)
    }

    /// The same for arrays. `logits` grows if it has too few elements.
    @inlinable
    public func logits<P: LossPrediction>(
        probabilities: [P], into logits: inout [P.LossResult]
    ) throws(CrossEntropyError) {
        logits.makeRoom(for: probabilities.count)
        var span = logits.mutableSpan
        try writeLogits(probabilities: probabilities.span, into: &span)
    }

    /// The logit of each probability; see `writeLogits(probabilities:into:)`.
    @inlinable
    public func logits<P: LossPrediction>(probabilities: [P]) throws(CrossEntropyError) -> [P.LossResult] {
        var logits = [P.LossResult]()
        try self.logits(probabilities: probabilities, into: &logits)
        return logits
    }

    @usableFromInline
    package func writeLogits(
        _ probabilities: Memory, into output: UnsafeMutableRawBufferPointer
    ) throws(CrossEntropyError) {
        let level = try kernelLevel
        try unsafe writeTiles(of: probabilities, into: output, "logits") { column, place, count in
            unsafe column.writeLogits(to: place, count: count, level)
        }
    }
}

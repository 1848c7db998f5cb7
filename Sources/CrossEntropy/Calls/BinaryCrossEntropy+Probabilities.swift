// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

extension BinaryCrossEntropy {
    /// Writes the probability of each logit, its sigmoid 1 / (1 + e^-x), into `probabilities`. Of the options, only
    /// `threads` has an effect.
    ///
    /// Logits of -infinity and infinity give 0 and 1, and NaN gives NaN. Accuracy: within 3 ulp, down to the subnormal
    /// numbers.
    ///
    /// - Parameters:
    ///   - logits: n real numbers.
    ///   - probabilities: receives n numbers; elements beyond those are unchanged.
    /// - Throws: `CrossEntropyError.outputTooShort`, before anything is written.
    @inlinable
    public func writeProbabilities<P: LossPrediction>(
        logits: Span<P>, into probabilities: inout MutableSpan<P.LossResult>
    ) throws(CrossEntropyError) {
        let output = unsafe probabilities.withUnsafeMutableBytes { unsafe $0 }
        try unsafe writeProbabilities(Memory(logits), into: output)
    }

    /// The same for arrays. `probabilities` grows if it has too few elements.
    @inlinable
    public func probabilities<P: LossPrediction>(
        logits: [P], into probabilities: inout [P.LossResult]
    ) throws(CrossEntropyError) {
        probabilities.makeRoom(for: logits.count)
        var span = probabilities.mutableSpan
        try writeProbabilities(logits: logits.span, into: &span)
    }

    /// The probability of each logit; see `writeProbabilities(logits:into:)`.
    @inlinable
    public func probabilities<P: LossPrediction>(logits: [P]) throws(CrossEntropyError) -> [P.LossResult] {
        var probabilities = [P.LossResult]()
        try self.probabilities(logits: logits, into: &probabilities)
        return probabilities
    }

    @usableFromInline
    package func writeProbabilities(
        _ logits: Memory, into output: UnsafeMutableRawBufferPointer
    ) throws(CrossEntropyError) {
        let level = try kernelLevel
        try unsafe writeTiles(of: logits, into: output, "probabilities") { column, place, count in
            unsafe column.writeProbabilities(to: place, count: count, level)
        }
    }

    /// Calls `body` with each tile of the elements, the place for its results and its size, on several threads.
    func writeTiles(
        of elements: Memory, into output: UnsafeMutableRawBufferPointer, _ argument: String,
        _ body: (Column, UnsafeMutableRawPointer, Int) -> Void
    ) throws(CrossEntropyError) {
        let (column, count) = unsafe (elements.column, elements.count)
        let result = column.dtype.result
        try checkRoom(result.elements(in: output.count), argument, count)
        guard count > 0 else { return }
        let schedule = Schedule(count: count, result: result)
        schedule.run(threads: threads.threads(count: count)) { tile in
            let range = schedule.range(tile)
            unsafe body(
                column.from(range.lowerBound), output.baseAddress! + result.bytes(range.lowerBound),
                range.count)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The state of an evaluation has the number of bins, the losses, the two histograms and the squared error, in this
/// order.
///
/// It takes at most 1.95 MB: 60 bytes for each of 27,904 + 2,000 labels, 128 for each of 218 + 1,000 groups, and 1.2 KB
/// for the rest.
extension BinaryEvaluation: StateCoded {
    static var kind: StateKind { .binaryEvaluation }

    func write(to state: inout StateWriter) {
        state.append(binCount)
        losses.write(to: &state)
        scores.byLogit.write(to: &state)
        scores.byProbability.write(to: &state)
        scores.squaredError.write(to: &state)
    }

    init(from state: inout StateReader) throws(CrossEntropyError) {
        let binCount: Int = try state.next()
        if let problem = Self.problem(binCount: binCount) { throw .unreadable(problem) }
        let losses = try LossAccumulator(from: &state)
        var scores = ScoreSums(binCount: binCount)
        try scores.byLogit.fill(from: &state)
        try scores.byProbability.fill(from: &state)
        scores.squaredError = try ReproducibleSum(from: &state)
        self.init(losses: losses, scores: scores)
        if let problem { throw .unreadable(problem) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Synchronization

/// The loss of a set of files, computed piece by piece: checked and reduced first, then written on request. A later
/// step that reads a piece again also checks it again.
struct LossJob<P: FilePrediction> {
    let options: BinaryCrossEntropy
    let input: LossInput<P>
    let loop: PieceLoop<P>

    init(options: BinaryCrossEntropy, input: LossInput<P>) throws {
        self.input = input
        self.options = try options.with(missingTargets: input.missing)
        loop = PieceLoop(input, options.threads)
    }

    /// The sums of all losses, after checking the values.
    func total() throws -> LossAccumulator {
        try sum("adding losses", into: LossAccumulator())
    }

    /// The statistics that are reported in addition to the loss.
    func report() throws -> LossReport? {
        try sum("adding losses of the report", into: LossAccumulator(keepsReport: true))
            .report(options.reduction)
    }

    /// - Parameter empty: an accumulator to which nothing has been added.
    private func sum(_ step: String, into empty: LossAccumulator) throws -> LossAccumulator {
        let total = Mutex(empty)
        let checks = !sumShowsInvalidValues
        try loop.forEach(step, input.plan, checks: checks) { window in
            let part = try checks ? sum(window, into: empty) : checkedSum(window, into: empty)
            try total.withLock { try $0.merge(part) }
        }
        return total.withLock { $0 }
    }

    /// Whether a piece with an invalid value has no finite sum: the library refuses a target or probability outside
    /// [0, 1], and a NaN makes the sum NaN. Clipping accepts any probability, and elements that do not count may have
    /// any value.
    private var sumShowsInvalidValues: Bool {
        options.clipping == .unclipped && options.missingTargets == .never && input.mask == nil
            && input.weights == nil && input.positiveWeights == nil
    }

    /// The sum of a piece whose values have not been checked. They are checked only if the sum is no finite number,
    /// which spares a pass over the others.
    private func checkedSum(_ window: LossWindow<P>, into empty: LossAccumulator) throws -> LossAccumulator {
        let part = Result { try sum(window, into: empty) }
        if case .success(let part) = part, part.sum.isFinite { return part }
        try window.check()
        return try part.get()
    }

    /// Loss, calibration and discrimination.
    ///
    /// - Parameter empty: an evaluation to which nothing has been added.
    func evaluation(_ empty: BinaryEvaluation) throws -> BinaryEvaluation {
        // An evaluation is large, so each thread takes an idle one rather than merging after every piece.
        let idle = Mutex([BinaryEvaluation]())
        try loop.forEach("evaluating", input.plan) { window in
            var evaluation = idle.withLock { $0.popLast() } ?? empty
            try window.withBatch { try options.add($0, to: &evaluation) }
            idle.withLock { [evaluation] in $0.append(evaluation) }
        }
        return try idle.withLock { try $0.reduce(into: empty) { try $0.merge($1) } }
    }

    /// Writes the loss of each element.
    func writeLosses(to file: NPYWriter) throws {
        try loop.forEach("writing losses", input.plan) { window in
            let range = 0..<window.piece.elements.count
            let losses = try window.results(0)
            try losses.withMutableSpan(range) { (losses: consuming MutableSpan) in
                try window.withBatch { try options.writeLosses($0, into: &losses) }
            }
            try file.write(losses, range.count, at: window.piece.elements.lowerBound)
        }
    }

    /// Writes the gradient of the reduced loss, and the diagonal of its Hessian.
    ///
    /// - Parameter total: the sums over all elements, by which a mean is divided; a piece does not know them.
    func writeDerivatives(_ total: LossAccumulator, gradient: NPYWriter?, hessian: NPYWriter?) throws {
        let scale = 1 / options.reduction.divisor(total)
        let sum = options.with(reduction: .sum)
        try loop.forEach("writing derivatives", input.plan) { window in
            let (start, range) = (window.piece.elements.lowerBound, 0..<window.piece.elements.count)
            let slopes = try window.results(0)
            let curvatures = try hessian.map { _ in try window.results(1) }
            try slopes.withMutableSpan(range) { (slopes: consuming MutableSpan) in
                guard let curvatures else {
                    return try window.withBatch {
                        try sum.writeGradient($0, into: &slopes, gradientScale: scale)
                    }
                }
                try curvatures.withMutableSpan(range) { (curvatures: consuming MutableSpan) in
                    _ = try window.withBatch {
                        try sum.loss(
                            $0, writingGradientInto: &slopes, hessianDiagonal: &curvatures,
                            gradientScale: scale)
                    }
                }
            }
            try gradient?.write(slopes, range.count, at: start)
            if let curvatures { try hessian?.write(curvatures, range.count, at: start) }
        }
    }

    func sum(_ window: LossWindow<P>, into empty: LossAccumulator = LossAccumulator()) throws
        -> LossAccumulator
    {
        var part = empty
        try window.withBatch { try options.add($0, to: &part) }
        return part
    }
}

extension BinaryCrossEntropy.Reduction {
    /// What the sum of losses is divided by.
    func divisor(_ total: LossAccumulator) -> Double {
        switch self {
        case .sum: 1
        case .mean: Double(total.count)
        case .weightedMean: total.weightSum
        }
    }

    func loss(_ total: LossAccumulator) -> Double {
        switch self {
        case .sum: total.sum
        case .mean: total.mean
        case .weightedMean: total.weightedMean
        }
    }
}

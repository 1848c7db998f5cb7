// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

extension BatchSlice {
    /// Adds the elements that count to the bins of their logits and of their probabilities. Of the options, only the
    /// domain, the weight of all elements and the rule for missing targets have an effect.
    ///
    /// - Returns: the sum of w (p - t)^2.
    package func addScores(
        byLogit: ScorePlaces, byProbability: ScorePlaces, _ formula: UnsafePointer<Formula>,
        _ level: KernelLevel
    ) -> Double {
        var evaluation = ScoreEvaluation(
            slice: self, formula: formula, level: level, byLogit: byLogit, byProbability: byProbability)
        evaluation.slice.positiveWeights = nil
        evaluation.slice.positiveColumnWeights = nil
        withUnsafeMutablePointer(to: &evaluation) {
            vk_with_room($0) { context, room in
                context.assumingMemoryBound(to: ScoreEvaluation.self).pointee.run(in: Room(room))
            }
        }
        return evaluation.squaredError
    }
}

private struct ScoreEvaluation {
    var slice: BatchSlice
    let formula: UnsafePointer<Formula>
    let level: KernelLevel
    let byLogit, byProbability: ScorePlaces
    private(set) var squaredError = 0.0

    /// The type of the lanes.
    private var type: DType {
        slice.hasSeveralWeights || slice.needsDouble(formula) || slice.hasDoubleWeights ? .double : .float
    }

    mutating func run(in room: Room) {
        let type = type
        let size = slice.isInPlace(type) ? max(1, slice.count) : Room.elements(type)
        for start in stride(from: 0, to: slice.count, by: size) {
            let part = slice.part(start..<min(slice.count, start + size))
            squaredError += withUnsafePointer(to: part.operands(formula, level, type, in: room).elements()) {
                var a = vk_add_scores_args(
                    elements: $0, by_logit: byLogit, by_probability: byProbability, scratch: room.hessian,
                    squared_error: 0)
                a.run(level)
                return a.squared_error
            }
        }
    }
}

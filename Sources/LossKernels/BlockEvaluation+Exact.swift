// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// What every other route falls back to: each loss in Double, with every option and edge, and sums beyond the range of
/// Double.
extension BlockEvaluation {
    mutating func exact() -> SliceSums {
        let size = Room.elements(.double)
        moments = Moments()
        var sums = SliceSums()
        for start in stride(from: 0, to: slice.count, by: size) {
            var part = BlockEvaluation(
                slice.part(start..<min(slice.count, start + size)), formula, level, .double,
                outputs.from(start, slice.result), withMoments: withMoments, in: room)
            sums += part.evaluate()
            moments += part.moments
        }
        return sums
    }

    private mutating func evaluate() -> SliceSums {
        let places = places
        let (loss, totals) = evaluateSums(places)
        deliver(places)
        if withMoments { _ = addMoments(stagedOperands, weight: room.weight) }
        var sums = SliceSums()
        sums.count = totals.count
        sums.loss = ScaledDouble(loss)
        sums.weight = ScaledDouble(totals.weight)
        if !isInRange(loss) {
            // Of losses that weigh 2^-128 times as much, or 2^128 times where the sum is tiny; infinite where a loss is.
            let exponent = loss.isFinite ? -128 : 128
            let scaled = weighing(timesTwoTo: -exponent).evaluateSums().loss
            if scaled.isFinite { sums.loss = ScaledDouble(scaled, timesTwoTo: exponent) }
        }
        if totals.weight.magnitude == .infinity {
            let scaled = weighing(timesTwoTo: -128).stage(Wish(), isExact: true).weight
            sums.weight = ScaledDouble(scaled, timesTwoTo: 128)
        }
        return sums
    }

    /// The same block with other weights; staged anew, as results in the room have taken the place of arguments.
    private func weighing(timesTwoTo exponent: Int) -> BlockEvaluation {
        BlockEvaluation(
            slice, formula.weighing(timesTwoTo: exponent), level, type, Outputs(), withMoments: false,
            in: room)
    }

    private func evaluateSums(
        _ places: Outputs = Outputs()
    ) -> (loss: Double, totals: (count: Double, weight: Double)) {
        let wish = Wish(coefficients: true, weight: withMoments, predictions: true, targets: true)
        let totals = stage(wish, isExact: true)
        let loss = withUnsafePointer(to: formula) { formula in
            var a = vk_evaluate_args(
                formula: formula, predictions: Self.doubles(room.predictions),
                targets: Self.doubles(room.targets),
                positive: Self.doubles(room.positive), negative: Self.doubles(room.negative),
                losses: places.losses?.assumingMemoryBound(to: Double.self),
                gradient: places.gradient?.assumingMemoryBound(to: Double.self),
                hessian: places.hessian?.assumingMemoryBound(to: Double.self), count: slice.count, sum: 0)
            formula.pointee.isProbability ? a.evaluateProbabilities(level) : a.evaluateLogits(level)
            return a.sum
        }
        return (loss, totals)
    }

    private static func doubles(_ place: UnsafeMutableRawPointer) -> UnsafePointer<Double> {
        UnsafePointer(place.assumingMemoryBound(to: Double.self))
    }

    /// Whether Double holds a sum of losses as accurately as they are. Products with weights may be subnormal, and their
    /// sum with them; 2^-900 leaves 2^-122 of it to the smallest product that is normal.
    private func isInRange(_ sum: Double) -> Bool {
        sum.isNaN || sum.isFinite && (sum.magnitude >= 0x1p-900 || !(formula.isWeighted || slice.hasWeights))
    }
}

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
            sums += evaluate(start..<min(slice.count, start + size))
        }
        return sums
    }

    /// A part for which the room has space in Double.
    ///
    /// Not inlined, as what follows: threads with a stack of 64 KiB need room for other things than copies of blocks.
    @inline(never)
    private mutating func evaluate(_ range: Range<Int>) -> SliceSums {
        var part = BlockEvaluation(
            slice.part(range), formula, level, .double, outputs.from(range.lowerBound, slice.result),
            withMoments: withMoments, in: room)
        let places = part.places
        let (loss, totals) = part.evaluateSums(places)
        part.deliver(places)
        if withMoments {
            _ = part.addMoments(part.stagedOperands, weight: room.weight)
            moments += part.moments
        }
        var sums = SliceSums()
        sums.count = totals.count
        sums.loss = isInRange(loss) ? ScaledDouble(loss) : part.scaledLoss(loss)
        sums.weight = totals.weight.isInfinite ? part.scaledWeight() : ScaledDouble(totals.weight)
        return sums
    }

    /// From losses that weigh 2^-128 times as much, or 2^128 times where their sum is tiny; infinite where a loss is.
    @inline(never)
    private func scaledLoss(_ loss: Double) -> ScaledDouble {
        let exponent = loss.isFinite ? -128 : 128
        let scaled = weighing(timesTwoTo: -exponent) { $0.evaluateSums().loss }
        return scaled.isFinite ? ScaledDouble(scaled, timesTwoTo: exponent) : ScaledDouble(loss)
    }

    @inline(never)
    private func scaledWeight() -> ScaledDouble {
        let scaled = weighing(timesTwoTo: -128) { $0.stage(Wish(), isExact: true).weight }
        return ScaledDouble(scaled, timesTwoTo: 128)
    }

    /// Calls `body` with the same block with other weights; staged anew, as results in the room have taken the place of
    /// arguments.
    private func weighing(timesTwoTo exponent: Int, _ body: (borrowing BlockEvaluation) -> Double) -> Double {
        withUnsafePointer(to: formula.pointee.weighing(timesTwoTo: exponent)) { formula in
            body(BlockEvaluation(slice, formula, level, type, Outputs(), withMoments: false, in: room))
        }
    }

    private func evaluateSums(
        _ places: Outputs = Outputs()
    ) -> (loss: Double, totals: (count: Double, weight: Double)) {
        let wish = Wish(coefficients: true, weight: withMoments, predictions: true, targets: true)
        let totals = stage(wish, isExact: true)
        var a = vk_evaluate_args(
            formula: formula, predictions: Self.doubles(room.predictions),
            targets: Self.doubles(room.targets),
            positive: Self.doubles(room.positive), negative: Self.doubles(room.negative),
            losses: places.losses?.assumingMemoryBound(to: Double.self),
            gradient: places.gradient?.assumingMemoryBound(to: Double.self),
            hessian: places.hessian?.assumingMemoryBound(to: Double.self), count: slice.count, sum: 0)
        formula.pointee.isProbability ? a.evaluateProbabilities(level) : a.evaluateLogits(level)
        return (a.sum, totals)
    }

    private static func doubles(_ place: UnsafeMutableRawPointer) -> UnsafePointer<Double> {
        UnsafePointer(place.assumingMemoryBound(to: Double.self))
    }

    /// Whether Double holds a sum of losses as accurately as they are. Products with weights may be subnormal, and their
    /// sum with them; 2^-900 leaves 2^-122 of it to the smallest product that is normal.
    private func isInRange(_ sum: Double) -> Bool {
        sum.isNaN || sum.isFinite && (sum.magnitude >= 0x1p-900 || !(formula.pointee.isWeighted || slice.hasWeights))
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

/// The fallback of every other route: each loss in Double, with every option and edge case, and sums beyond the range
/// of Double.
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

    /// Evaluates a part that fits in the room in Double.
    ///
    /// Not inlined, like the functions below: threads with a stack of 64 KiB need the space for things other than
    /// copies of blocks.
    @inline(never)
    private mutating func evaluate(_ range: Range<Int>) -> SliceSums {
        let part = BlockEvaluation(
            slice.part(range), formula, level, .double, outputs.from(range.lowerBound, slice.result), wish,
            in: room)
        let places = part.places
        let a = part.evaluated(places)
        part.deliver(places)
        if wish.moments { moments += part.sumsForReport(a) }
        var sums = SliceSums()
        sums.count = a.counted
        sums.mayBeOutside = a.may_be_outside
        sums.loss = isInRange(a.sum) ? ScaledDouble(a.sum) : part.scaledLoss(a.sum)
        let weight = part.operands.weight(of: a.counted)
        sums.weight = weight.isInfinite ? part.scaledWeight() : ScaledDouble(weight)
        return sums
    }

    private func evaluated(_ places: Outputs = Outputs()) -> vk_elements_args {
        var a = operands.elements(places, isExact: true)
        formula.pointee.isProbability ? a.evaluateProbabilities(level) : a.evaluateLogits(level)
        return a
    }

    /// The sum of the losses, from losses whose weights are multiplied by 2^-128, or by 2^128 if their sum is tiny.
    /// Infinite or NaN if those losses are.
    @inline(never)
    private func scaledLoss(_ loss: Double) -> ScaledDouble {
        let exponent = loss.isFinite ? -128 : 128
        let scaled = weighing(timesTwoTo: -exponent) { $0.evaluated().sum }
        return scaled.isFinite ? ScaledDouble(scaled, timesTwoTo: exponent) : ScaledDouble(scaled)
    }

    @inline(never)
    private func scaledWeight() -> ScaledDouble {
        ScaledDouble(weighing(timesTwoTo: -128) { $0.operands.totals().weight }, timesTwoTo: 128)
    }

    /// Calls `body` with the same block, but with the weight of all elements multiplied by a power of two.
    private func weighing(timesTwoTo exponent: Int, _ body: (borrowing BlockEvaluation) -> Double) -> Double {
        var weighing = formula.pointee
        weighing.weigh(timesTwoTo: exponent)
        return withUnsafePointer(to: weighing) { formula in
            body(BlockEvaluation(slice, formula, level, type, Outputs(), Wish(), in: room))
        }
    }

    /// Whether Double holds a sum of losses as accurately as the losses themselves. Products with weights may be
    /// subnormal, and so may their sum. The smallest normal product is 2^-122 of a sum of 2^-900. With weights of both
    /// signs, losses that overflow may add up to NaN.
    private func isInRange(_ sum: Double) -> Bool {
        let isWeighted = formula.pointee.isWeighted || slice.hasWeights
        return sum.isNaN ? !isWeighted : sum.isFinite && (sum.magnitude >= 0x1p-900 || !isWeighted)
    }
}

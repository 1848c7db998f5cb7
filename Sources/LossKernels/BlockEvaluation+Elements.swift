// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// The routes that compute each loss in the lanes of the predictions' type.
extension BlockEvaluation {
    mutating func plainWritten() -> SliceSums? {
        let places = places
        let count = Double(slice.count)
        if places.gradient != nil, !formula.pointee.isProbability {
            let loss = operands.differentiateLogits(places)
            deliver(places)
            return SliceSums(loss, count: count, weight: count, type)
        }
        var sums = SliceSums()
        (sums.count, sums.weight) = (count, ScaledDouble(count))
        if let gradient = places.gradient {
            guard operands.writeGradientOfProbabilities(gradient, nil) else { return exact() }
        } else {
            operands.writePlainLosses(places.losses!)
        }
        deliver(places)
        if withMoments {
            // What a bound has changed depends on the coefficients.
            if formula.pointee.isBounded { _ = stage(Wish(coefficients: true)) }
            let loss = addMoments(operands, weight: nil)
            guard loss.isFinite else { return exact() }
            sums.loss = ScaledDouble(loss)
        }
        return sums
    }

    /// With coefficients: nil where those or the losses are too large or too small.
    mutating func weighted() -> SliceSums? {
        let totals = stage(Wish(coefficients: true, weight: withMoments, predictions: mayLackElements))
        let (operands, places) = (countedOperands, places)
        let loss: Double
        if formula.pointee.isProbability {
            if let gradient = places.gradient {
                guard operands.writeGradientOfProbabilities(gradient, room) else { return nil }
            }
            loss = operands.weighProbabilities(places.losses, room)
        } else {
            loss = operands.weighLogits(places, room)
        }
        guard let sums = SliceSums(loss, count: totals.count, weight: totals.weight, type) else { return nil }
        deliver(places)
        if withMoments { _ = addMoments(operands, weight: room.weight) }
        return sums
    }

    mutating func focal() -> SliceSums? {
        let isWeighted = slice.hasWeights || mayLackElements || withMoments
        var totals = (count: Double(slice.count), weight: formula.pointee.weight * Double(slice.count))
        if isWeighted {
            totals = stage(Wish(weight: true, predictions: mayLackElements, targets: mayLackElements))
        }
        let (operands, places) = (countedOperands, places)
        let loss = operands.focusLogits(places, weights: isWeighted ? UnsafeRawPointer(room.weight) : nil)
        guard let sums = SliceSums(loss, count: totals.count, weight: totals.weight, type) else { return nil }
        deliver(places)
        if withMoments { _ = addMoments(operands, weight: room.weight) }
        return sums
    }

    /// The operands, without elements that do not count if there are any.
    private var countedOperands: Operands { mayLackElements ? stagedOperands : operands }

    /// Adds to the moments what the losses in the room come to; returns their sum.
    ///
    /// - Parameter weight: nil where all weigh 1.
    mutating func addMoments(_ operands: Operands, weight: UnsafeRawPointer?) -> Double {
        let isBounded = formula.pointee.isBounded
        var a = vk_add_moments_args(
            formula: formula, losses: room.results, predictions: operands.predictions, weight: weight,
            positive: isBounded ? UnsafeRawPointer(room.positive) : nil,
            negative: isBounded ? UnsafeRawPointer(room.negative) : nil, count: operands.count,
            is_double: operands.isDouble, moments: Moments())
        a.run(level)
        if weight == nil {
            a.moments.weightByLoss = a.moments.loss
            a.moments.squaredWeight = Double(operands.count)
        }
        moments += a.moments
        return a.moments.loss
    }
}

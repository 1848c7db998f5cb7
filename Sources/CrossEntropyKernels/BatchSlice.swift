// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// Consecutive elements of a batch with their targets, weights and mask, all in place.
///
/// What is asked for each block is inlined, because otherwise the compiler copies all 152 bytes of the slice for each
/// call.
package struct BatchSlice {
    package var predictions, targets: Column
    package var count: Int
    /// Per element.
    package var weights, positiveWeights, mask: Column?
    /// Per row or per column of the whole batch.
    package var rowWeights, columnWeights, positiveColumnWeights: Column?
    /// The index of the first element in the batch, and the number of elements per row.
    package var first = 0
    package var columns = 1

    package init(predictions: Column, targets: Column, count: Int) {
        self.predictions = predictions
        self.targets = targets
        self.count = count
    }

    /// The type of losses and derivatives.
    package var result: DType { predictions.dtype.result }

    /// Whether there is nothing except predictions and targets.
    package var isBare: Bool { mask == nil && !hasWeights }

    /// Whether the weights of elements may differ.
    var hasWeights: Bool {
        weights != nil || positiveWeights != nil || rowWeights != nil || columnWeights != nil
            || positiveColumnWeights != nil
    }

    /// Whether several kinds of weights are multiplied together, which must not be rounded to Float.
    var hasSeveralWeights: Bool { [weights, rowWeights, columnWeights].count { $0 != nil } > 1 }

    /// Whether Float lanes would round an argument that has to be exact.
    @inline(always)
    func needsDouble(_ formula: UnsafePointer<Formula>) -> Bool {
        predictions.dtype == .double || needsDoubleTargets(formula)
    }

    /// Whether Float lanes would round targets that must be exact. An integer that is rounded is beyond 2^24 and stays
    /// outside [0, 1], but it may become equal to a missing value of that size.
    @inline(always)
    func needsDoubleTargets(_ formula: UnsafePointer<Formula>) -> Bool {
        targets.dtype == .double
            || formula.pointee.missingValue.magnitude >= 0x1p24 && targets.dtype.hasIntegersBeyondFloat
    }

    /// Whether weights are processed in Double from the start, which makes blocks half as long.
    @inline(always)
    var hasDoubleWeights: Bool {
        weights.isWide || positiveWeights.isWide || rowWeights.isWide || columnWeights.isWide
            || positiveColumnWeights.isWide
    }

    /// The elements of `range`.
    package func part(_ range: Range<Int>) -> BatchSlice {
        var part = self
        part.predictions = predictions.from(range.lowerBound)
        part.targets = targets.from(range.lowerBound)
        part.weights = weights?.from(range.lowerBound)
        part.positiveWeights = positiveWeights?.from(range.lowerBound)
        part.mask = mask?.from(range.lowerBound)
        part.first += range.lowerBound
        part.count = range.count
        return part
    }
}

/// The sums over the elements of a slice that count.
package struct SliceSums {
    package var loss = ScaledDouble(0)
    package var count = 0.0
    /// The sum of the weights, if wanted.
    package var weight = ScaledDouble(0)
    /// Whether an element that counts may be outside its domain; see `DomainCheck`.
    package var mayBeOutside = false

    package init(mayBeOutside: Bool = false) { self.mayBeOutside = mayBeOutside }

    /// The same for elements that all have this weight.
    func weighted(by weight: Double) -> SliceSums {
        var sums = self
        sums.loss = loss * ScaledDouble(weight)
        sums.weight = self.weight * ScaledDouble(weight)
        return sums
    }

    package static func += (a: inout SliceSums, b: SliceSums) {
        a.loss += b.loss
        a.count += b.count
        a.weight += b.weight
        a.mayBeOutside = a.mayBeOutside || b.mayBeOutside
    }
}

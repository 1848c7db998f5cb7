// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The exact sums of the slices of a call, bitwise identical in whatever order they are added.
struct BatchSums {
    private(set) var loss = ExactSum()
    private(set) var weight = ExactSum()
    /// The number of elements that count.
    private(set) var count = 0.0
    /// Whether an element that counts may be outside its domain; see `DomainCheck`.
    private(set) var mayBeOutside = false

    mutating func add(_ sums: SliceSums) {
        mayBeOutside = mayBeOutside || sums.mayBeOutside
        loss.add(sums.loss)
        weight.add(sums.weight)
        count += sums.count
    }

    mutating func add(_ other: BatchSums) {
        mayBeOutside = mayBeOutside || other.mayBeOutside
        loss.add(other.loss)
        weight.add(other.weight)
        count += other.count
    }

    var rounded: SliceSums {
        var sums = SliceSums(mayBeOutside: mayBeOutside)
        (sums.loss, sums.weight, sums.count) = (loss.scaled, weight.scaled, count)
        return sums
    }
}

extension SliceSums {
    /// The divisor that a reduction applies to the sum of these losses and to their derivatives.
    func divisor(_ reduction: BinaryCrossEntropy.Reduction) -> ScaledDouble {
        switch reduction {
        case .sum: ScaledDouble(1)
        case .mean: ScaledDouble(count)
        case .weightedMean: weight
        }
    }

    func reduced(_ reduction: BinaryCrossEntropy.Reduction) -> Double {
        reduction == .sum ? loss.value : loss / divisor(reduction)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// The sums of the elements of one group. Because of their order, the stored properties use the padding after each
/// `ReproducibleSum`, so that a group takes 128 bytes: two cache lines, each of which holds one of the two sums.
struct GroupSums: Sendable, Equatable, BitwiseCopyable {
    /// The sum of the losses, weighted if there are weights.
    private(set) var losses = ReproducibleSum()
    private var targetCarries: UInt32 = 0
    private(set) var count = 0
    private(set) var squaredLosses = ReproducibleSum()
    private var targetUnits: UInt64 = 0

    /// - Parameters:
    ///   - loss: the loss as a term.
    ///   - squaredLoss: the square of the loss as a term.
    ///   - target: the target of the element, which must count.
    ///   - value: returns the loss itself.
    @inline(always)
    mutating func add(loss: SumTerm, squaredLoss: SumTerm, target: TargetUnits, _ value: () -> Double) {
        losses.add(loss, value)
        count &+= 1
        squaredLosses.add(squaredLoss) {
            let loss = value()
            return loss * loss
        }
        addTargets(UInt64(target.units))
    }

    /// Adds the sums of a slab: the number, targets, losses and squared losses.
    mutating func add(_ sum: SIMD4<Double>) {
        count += Int(sum.x)
        addTargets(UInt64(sum.y))
        losses.add(sum.z)
        squaredLosses.add(sum.w)
    }

    mutating func add(_ other: GroupSums) {
        losses.add(other.losses)
        count += other.count
        squaredLosses.add(other.squaredLosses)
        addTargets(other.targetUnits)
        targetCarries &+= other.targetCarries
    }

    @inline(always)
    private mutating func addTargets(_ units: UInt64) {
        let (sum, carries) = targetUnits.addingReportingOverflow(units)
        targetUnits = sum
        targetCarries &+= carries ? 1 : 0
    }

    var targetSum: Double { Double(allTargetUnits) * TargetUnits.one }

    /// The sum of the targets in units of 2^-24.
    var allTargetUnits: UInt128 { UInt128(targetCarries) << 64 | UInt128(targetUnits) }
}

extension GroupSums {
    /// Nil unless `count` is above 0 and the sums are possible for that many elements.
    ///
    /// - Parameter targets: in units of 2^-24.
    init?(count: Int, targets: UInt128, losses: ReproducibleSum, squaredLosses: ReproducibleSum) {
        guard count > 0, losses.isSum(ofTerms: count), squaredLosses.isSum(ofTerms: count),
            targets <= UInt128(count) << 24
        else { return nil }
        (self.count, self.losses, self.squaredLosses) = (count, losses, squaredLosses)
        targetUnits = UInt64(truncatingIfNeeded: targets)
        targetCarries = UInt32(truncatingIfNeeded: targets >> 64)
    }
}

/// The sums of the weights of one group.
struct GroupWeights: Sendable, Equatable, BitwiseCopyable {
    var weights, weightedLosses, squaredWeights: ReproducibleSum
}

extension GroupWeights {
    /// Nil unless the sums are possible for a group of `count` elements.
    init?(
        weights: ReproducibleSum, weightedLosses: ReproducibleSum, squaredWeights: ReproducibleSum, count: Int
    ) {
        guard weights.isSum(ofTerms: count), weightedLosses.isSum(ofTerms: count),
            squaredWeights.isSum(ofTerms: count)
        else { return nil }
        self.init(weights: weights, weightedLosses: weightedLosses, squaredWeights: squaredWeights)
    }

    /// The sums of elements that all have weight 1.
    init(ones sums: GroupSums) {
        (weights, squaredWeights) = (ReproducibleSum(ones: sums.count), ReproducibleSum(ones: sums.count))
        weightedLosses = sums.losses
    }

    /// - Parameters:
    ///   - value: returns the weight, and the loss, which already contains the weight.
    @inline(always)
    mutating func add(
        weight: SumTerm, weightedLoss: SumTerm, squaredWeight: SumTerm,
        _ value: () -> (weight: Double, loss: Double)
    ) {
        weights.add(weight) { value().weight }
        weightedLosses.add(weightedLoss) {
            let (weight, loss) = value()
            return weight * loss
        }
        squaredWeights.add(squaredWeight) {
            let weight = value().weight
            return weight * weight
        }
    }

    /// Adds the sums of `count` elements of a slab: the weights, weighted losses and squared weights.
    mutating func add(_ sum: SIMD4<Double>, of count: Int) {
        weights.add(sum.x, of: count)
        weightedLosses.add(sum.y)
        squaredWeights.add(sum.z, of: count)
    }

    mutating func add(_ other: GroupWeights) {
        weights.add(other.weights)
        weightedLosses.add(other.weightedLosses)
        squaredWeights.add(other.squaredWeights)
    }
}

/// A target in units of 2^-24, the distance between Floats just below 1. Sums of such integers are exact and therefore
/// do not depend on the order of addition.
struct TargetUnits {
    static let one = 0x1p-24
    /// Stands for an element that does not count.
    static let ignored = TargetUnits(units: .max)

    let units: UInt32

    private init(units: UInt32) { self.units = units }

    /// Rounded to nearest, ties to even. A target outside [0, 1], which only a call without domain checks accepts, is
    /// replaced by the nearer bound, and NaN by 0.
    @inline(always)
    init(_ target: Double) {
        let bounded = target > 0 ? target < 1 ? target : 1 : 0
        // Doubles between 2^28 and 2^29 are multiples of 2^-24. The addition therefore rounds to such a multiple, and
        // the lowest bits of the sum are the number of units.
        units = UInt32(truncatingIfNeeded: (bounded + 0x1p28).bitPattern)
    }

    @inline(always)
    var counts: Bool { units != Self.ignored.units }
}

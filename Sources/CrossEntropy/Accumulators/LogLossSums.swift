// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// The exact sums behind a weighted mean of losses and its standard error.
struct LogLossSums: Sendable, Equatable, Codable {
    private(set) var count = 0
    private var weight = ExactSum()
    /// The sums of z = w l, z^2, w z and w^2.
    private var loss = ExactSum()
    private var squaredLoss = ExactSum()
    private var weightByLoss = ExactSum()
    private var squaredWeight = ExactSum()

    var weightSum: Double { weight.value }

    mutating func add(_ sums: SliceSums, _ moments: Moments) {
        count += Int(sums.count)
        weight.add(sums.weight)
        loss.add(moments.loss)
        squaredLoss.add(moments.squaredLoss)
        weightByLoss.add(moments.weightByLoss)
        squaredWeight.add(moments.squaredWeight)
    }

    mutating func merge(_ other: LogLossSums) {
        count += other.count
        weight.add(other.weight)
        loss.add(other.loss)
        squaredLoss.add(other.squaredLoss)
        weightByLoss.add(other.weightByLoss)
        squaredWeight.add(other.squaredWeight)
    }

    /// Whether these can be the sums over `count` elements.
    var arePossible: Bool {
        count >= 0
            && [weight, loss, squaredLoss, weightByLoss, squaredWeight].allSatisfy {
                $0.isSum(ofTerms: count)
            }
    }

    var mean: Double { loss.scaled / weight.scaled }

    /// NaN for fewer than two elements.
    var standardError: Double {
        guard count > 1 else { return .nan }
        let spread = squaredLoss.value - 2 * mean * weightByLoss.value + mean * mean * squaredWeight.value
        return (max(0, spread) * Double(count) / Double(count - 1)).squareRoot() / weight.value
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// How the places of a histogram are laid out in memory, and what they hold in the end.
extension ScorePlaces {
    /// The numbers that the histogram of these bins occupies.
    package static func size(bins: Int, groupBins: Int, labelCopies: Int) -> Int {
        let groups = bins / groupBins
        // A Double has room for two counts: those of the two labels.
        return labelCopies * bins + Int(VK_SCORE_COPIES) * groups + 2 * bins + 4 * groups
    }

    /// - Parameter memory: as many numbers as `size` says, all of them 0.
    package init(_ memory: UnsafeMutablePointer<Double>, bins: Int, groupBins: Int, labelCopies: Int) {
        let predictions = memory + labelCopies * bins
        let weights = predictions + Int(VK_SCORE_COPIES) * (bins / groupBins)
        self.init(
            labels: UnsafeMutableRawPointer(memory).assumingMemoryBound(to: UInt32.self),
            labelCopies: labelCopies, predictions: predictions, weights: weights,
            groups: weights + 2 * bins, bins: bins, groupBins: groupBins)
    }

    package var groupCount: Int { bins / groupBins }

    /// The number of elements of a group, and its sums of w^2 and of w p. `body` is called with each place of the group
    /// that is not 0 and with a term of its sum: the place 2 b is the weight of the negatives of bin b, and the place
    /// 2 b + 1 that of its positives.
    package func read(_ group: Int, _ body: (_ place: Int, _ weight: Double) -> Void) -> GroupSums {
        var labeled = 0
        for place in 2 * groupBins * group..<2 * groupBins * (group + 1) {
            var count = 0
            for copy in 0..<labelCopies { count += Int(labels[2 * bins * copy + place]) }
            if count != 0 { body(place, Double(count)) }
            if weights[place] != 0 { body(place, weights[place]) }
            labeled += count
        }
        var prediction = 0.0
        for copy in 0..<Int(VK_SCORE_COPIES) { prediction += predictions[groupCount * copy + group] }
        let row = groups + 4 * group
        return GroupSums(
            count: labeled + Int(row[0]), squaredWeight: Double(labeled) + row[1],
            prediction: prediction + row[2])
    }
}

/// The elements of a group.
package struct GroupSums {
    package let count: Int
    package let squaredWeight: Double
    /// The sum of w p.
    package let prediction: Double
}

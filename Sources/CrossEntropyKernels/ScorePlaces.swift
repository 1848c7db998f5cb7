// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// How the places of a histogram are laid out in memory, and what they hold in the end.
extension ScorePlaces {
    /// The numbers that the histogram of these bins occupies.
    package static func size(bins: Int, groupBins: Int, labelCopies: Int) -> Int {
        2 * labelCopies * bins + 2 * bins + 4 * (bins / groupBins)
    }

    /// - Parameter memory: as many numbers as `size` says, all of them 0.
    package init(_ memory: UnsafeMutablePointer<Double>, bins: Int, groupBins: Int, labelCopies: Int) {
        let weights = memory + 2 * labelCopies * bins
        self.init(
            labels: memory, labelCopies: labelCopies, weights: weights, groups: weights + 2 * bins,
            bins: bins,
            groupBins: groupBins)
    }

    package static var mostCopies: Int { Int(VK_SCORE_COPIES) }

    /// The elements of a group. `body` is called with each of its bins that may not be empty, and with a term of the
    /// sums of w (1 - t) and w t there.
    package func read(
        _ group: Int, _ body: (_ bin: Int, _ negatives: Double, _ positives: Double) -> Void
    ) -> ScoreGroup {
        let row = groups + 4 * group
        let (first, end) = (groupBins * group, groupBins * (group + 1))
        var (labeled, prediction) = (0.0, row[2])
        for copy in 0..<labelCopies {
            var (bin, pair) = (first, labels + 2 * (copy * bins + first))
            // Most bins are empty.
            while bin < end {
                if pair[1] != 0 {
                    let positives = Double(Int(pair[1]) / Int(VK_POSITIVE))
                    let count = pair[1] - positives * Double(VK_POSITIVE)
                    labeled += count
                    prediction += pair[0]
                    body(bin, count - positives, positives)
                }
                bin &+= 1
                pair += 2
            }
        }
        if row[0] != 0 {
            for bin in first..<end { body(bin, weights[2 * bin], weights[2 * bin + 1]) }
        }
        return ScoreGroup(
            count: Int(labeled + row[0]), squaredWeight: labeled + row[1], prediction: prediction)
    }
}

/// The elements of a group.
package struct ScoreGroup {
    package let count: Int
    package let squaredWeight: Double
    /// The sum of w p.
    package let prediction: Double
}

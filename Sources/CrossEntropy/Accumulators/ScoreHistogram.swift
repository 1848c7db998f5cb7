// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// Sums over the elements whose predictions are in the same bin, and over groups of consecutive bins. They are bitwise
/// identical in whatever order slabs are added.
struct ScoreHistogram: Sendable, Equatable {
    /// At 2 b, the weight of the negatives of bin b, which is the sum of w (1 - t); at 2 b + 1, that of its positives.
    var labels: [ReproducibleSum]
    var groups: [Group]

    struct Group: Sendable, Equatable, Codable {
        /// The number of elements.
        var count = 0
        var squaredWeight = ReproducibleSum()
        /// The sum of w p.
        var prediction = ReproducibleSum()

        mutating func add(_ other: Group) {
            count += other.count
            squaredWeight.add(other.squaredWeight)
            prediction.add(other.prediction)
        }
    }

    init(bins: Int, groupBins: Int) {
        labels = Array(repeating: ReproducibleSum(), count: 2 * bins)
        groups = Array(repeating: Group(), count: bins / groupBins)
    }

    mutating func add(_ places: ScorePlaces) {
        for index in groups.indices {
            let sums = places.read(index) { bin, negatives, positives in
                if negatives != 0 { labels[2 * bin].add(negatives) }
                if positives != 0 { labels[2 * bin + 1].add(positives) }
            }
            groups[index].count += sums.count
            groups[index].squaredWeight.add(sums.squaredWeight)
            groups[index].prediction.add(sums.prediction)
        }
    }

    mutating func merge(_ other: ScoreHistogram) {
        for index in labels.indices { labels[index].add(other.labels[index]) }
        for index in groups.indices { groups[index].add(other.groups[index]) }
    }

    /// The indices in `labels` of a group's bins.
    func places(ofGroup index: Int) -> Range<Int> {
        let count = labels.count / groups.count
        return index * count..<(index + 1) * count
    }

    /// The sums over some consecutive groups.
    func total(_ range: Range<Int>) -> ScoreTotal {
        var (total, negatives, positives) = (Group(), ReproducibleSum(), ReproducibleSum())
        for index in range {
            total.add(groups[index])
            let places = places(ofGroup: index)
            for place in stride(from: places.lowerBound, to: places.upperBound, by: 2) {
                negatives.add(labels[place])
                positives.add(labels[place + 1])
            }
        }
        // A sum beyond the range of Double is NaN, because a quotient would otherwise be 0.
        func finite(_ sum: ReproducibleSum) -> Double { sum.value.isFinite ? sum.value : .nan }
        return ScoreTotal(
            count: total.count, negatives: finite(negatives), positives: finite(positives),
            squaredWeight: finite(total.squaredWeight), prediction: finite(total.prediction))
    }
}

/// The sums over the elements of one or more groups.
struct ScoreTotal {
    let count: Int
    /// The sums of w (1 - t) and w t.
    let negatives, positives: Double
    let squaredWeight: Double
    /// The sum of w p.
    let prediction: Double

    /// The sum of the weights.
    var weight: Double {
        let sum = negatives + positives
        return sum.isFinite ? sum : .nan
    }
}

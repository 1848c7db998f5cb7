// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The losses of groups of rows, those with the largest share of the total loss first.
struct GroupLossTable {
    let rows: [Row]
    /// The number of all groups, even if `rows` contains only the first of them.
    let groupCount: Int

    struct Row: Encodable {
        let group: String
        /// The number of rows that count, and the sum of their targets.
        let count: Int
        let positives: Double
        let loss: Double
        let standardError: Double
        /// The share of the sum of all losses, as a fraction.
        let share: Double
    }

    /// - Parameter top: the maximum number of rows; nil for all.
    init(
        _ groups: GroupedLosses, _ keys: KeyTable, _ reduction: BinaryCrossEntropy.Reduction, top: Int?
    ) {
        groupCount = groups.groupCount
        let sums = (0..<groupCount).map { groups[$0].sum }
        // Sums that are NaN come first. Groups with equal sums are ordered by name.
        let order = (0..<groupCount).sorted { a, b in
            let (first, second) = (sums[a].isNaN ? .infinity : sums[a], sums[b].isNaN ? .infinity : sums[b])
            return first != second ? first > second : keys[a].lexicographicallyPrecedes(keys[b])
        }
        // Added in this order, because the order in which names are numbered depends on the threads.
        let total = order.reduce(0) { $0 + sums[$1] }
        rows = order.prefix(top ?? groupCount).map { number in
            let group = groups[number]
            return Row(
                group: String(decoding: keys[number], as: UTF8.self), count: group.count,
                positives: group.targetSum, loss: group.loss(reduction),
                standardError: group.standardError(reduction), share: group.sum / total)
        }
    }

    /// A name on one line, without its middle if it is long.
    private static func shown(_ name: String) -> String {
        let isPlain = name.utf8.count <= 40 && name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isPlain ? name : String(escaping: Array(name.utf8)).shortened(head: 30, tail: 9)
    }

    /// A table in columns.
    var text: String {
        let header = ["group", "rows", "positives", "loss", "standard error", "share"]
        let cells = rows.map { row in
            [
                Self.shown(row.group), "\(row.count)",
                row.positives.formatted(places: row.positives == row.positives.rounded() ? 0 : 1),
                row.loss.formatted(places: 6), row.standardError.formatted(places: 6),
                (row.share * 100).formatted(places: 2) + " %",
            ]
        }
        let rest = groupCount > rows.count ? ["(\(rows.count) of \(groupCount) groups)"] : []
        return (TextTable(header, cells).lines + rest).joined(separator: "\n")
    }
}

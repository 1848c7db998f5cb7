// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// What is computed from the rows of a table. Properties that are nil are not computed.
struct TableTotals {
    var losses: LossAccumulator?
    var groups: GroupedLosses?
    var evaluation: BinaryEvaluation?
    /// The names of the groups with their numbers; nil if there are no groups.
    let keys: KeyTable?

    /// The most rows that are added at a time. The library adds groups of more in another way, which depends on the
    /// number of groups, and that on the rows that a thread happens to read.
    private static let rowsAtATime = 1 << 16

    mutating func add(_ rows: CSVRows, _ options: BinaryCrossEntropy, isLogits: Bool) throws {
        if let keys { groups?.extend(to: keys.count) }
        for start in stride(from: 0, to: rows.count, by: Self.rowsAtATime) {
            let range = start..<min(rows.count, start + Self.rowsAtATime)
            try rows.withBatch(range, isLogits: isLogits) { batch in
                if losses != nil { try options.add(batch, to: &losses!) }
                if evaluation != nil { try options.add(batch, to: &evaluation!) }
                guard groups != nil else { return }
                try rows.withGroups(range) { try options.add(batch, groups: $0, to: &groups!) }
            }
        }
    }

    /// The losses of all rows.
    var allLosses: LossAccumulator { losses ?? evaluation!.losses }

    /// Adds the totals of other rows. These may have numbered their groups differently.
    mutating func merge(_ other: TableTotals) throws {
        if let losses = other.losses { try self.losses?.merge(losses) }
        if let evaluation = other.evaluation { try self.evaluation?.merge(evaluation) }
        guard let groups = other.groups, let keys, let otherKeys = other.keys else { return }
        let numbers = try (0..<otherKeys.count).map { Int(try keys.number(of: Array(otherKeys[$0]))) }
        self.groups?.extend(to: keys.count)
        try self.groups?.merge(groups, as: numbers)
    }
}

extension TableTotals {
    /// The losses of groups, if there are groups; see `GroupLossTable`.
    func groupTable(_ reduction: BinaryCrossEntropy.Reduction, top: Int?) -> GroupLossTable? {
        guard let groups, let keys else { return nil }
        return GroupLossTable(groups, keys, reduction, top: top)
    }
}

/// Adds up the rows that one thread reads.
final class TableWorker: CSVWorker, @unchecked Sendable {
    static var needsOrder: Bool { false }
    private(set) var totals: TableTotals
    private let running: RunningLoss
    private let options: BinaryCrossEntropy
    private let isLogits: Bool

    init(_ totals: TableTotals, _ running: RunningLoss, _ options: BinaryCrossEntropy, isLogits: Bool) {
        self.totals = totals
        self.running = running
        self.options = options
        self.isLogits = isLogits
    }

    var keys: KeyTable? { totals.keys }

    func add(_ rows: CSVRows, after _: () -> Int?) throws {
        try totals.add(rows, options, isLogits: isLogits)
        running.publish(totals.allLosses, by: self)
    }
}

extension CSVRows {
    /// Calls `body` with the rows as a batch.
    fileprivate func withBatch(
        _ range: Range<Int>, isLogits: Bool, _ body: (borrowing LossBatch<Double>) throws -> Void
    ) throws {
        try withNumbers(.predictions, range) { predictions in
            try withNumbers(.targets, range) { targets in
                let batch =
                    isLogits
                    ? try LossBatch(logits: predictions, targets: targets)
                    : try LossBatch(probabilities: predictions, targets: targets)
                guard hasNumbers(.weights) else { return try body(batch) }
                try withNumbers(.weights, range) { try body(batch.weighted(byElement: $0)) }
            }
        }
    }
}

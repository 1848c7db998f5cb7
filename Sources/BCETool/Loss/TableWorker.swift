// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// Adds up the losses of rows of a table.
final class TableWorker: CSVWorker, @unchecked Sendable {
    static var needsOrder: Bool { false }
    let keys: KeyTable?
    private(set) var total: LossAccumulator
    private let options: BinaryCrossEntropy
    private let isLogits: Bool

    init(_ options: BinaryCrossEntropy, isLogits: Bool, keys: KeyTable?) {
        self.options = options
        self.isLogits = isLogits
        self.keys = keys
        total = LossAccumulator()
    }

    func add(_ rows: CSVRows, after _: () -> Int?) throws {
        try rows.withBatch(isLogits: isLogits) { batch in
            try options.add(batch, to: &total)
        }
    }
}

extension CSVRows {
    /// Calls `body` with the rows as a batch.
    func withBatch(isLogits: Bool, _ body: (borrowing LossBatch<Double>) throws -> Void) throws {
        try withNumbers(.predictions) { predictions in
            try withNumbers(.targets) { targets in
                let batch =
                    isLogits
                    ? try LossBatch(logits: predictions, targets: targets)
                    : try LossBatch(probabilities: predictions, targets: targets)
                guard hasNumbers(.weights) else { return try body(batch) }
                try withNumbers(.weights) { try body(batch.weighted(byElement: $0)) }
            }
        }
    }
}

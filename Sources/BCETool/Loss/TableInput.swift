// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The columns of one .csv file, or of standard input, from which a loss is computed.
struct TableInput {
    /// Nil for standard input.
    let path: FilePath?
    let isLogits: Bool
    /// The names of columns, or their numbers from 1.
    let prediction: [UInt8]
    let target: [UInt8]
    var weight: [UInt8]?
    /// The column whose text determines the group of a row.
    var group: [UInt8]?
    let missing: BinaryCrossEntropy.MissingTargets
    let csv: CSVOptions

    /// Computes totals over all rows in one pass, with groups if there is a column of groups.
    ///
    /// - Parameters:
    ///   - losses: an empty accumulator; nil if losses are not wanted.
    ///   - evaluation: an empty evaluation; nil if none is wanted.
    func totals(
        _ options: BinaryCrossEntropy, stage: String, losses: LossAccumulator? = nil,
        evaluation: BinaryEvaluation? = nil
    ) throws -> TableTotals {
        let (scan, plan) = try open()
        func empty() throws -> TableTotals {
            TableTotals(
                losses: losses, groups: plan.key.map { _ in GroupedLosses(groupCount: 0) },
                evaluation: evaluation,
                keys: try plan.key.map { _ in try KeyTable(for: scan.header.path) })
        }
        let running = RunningLoss()
        let workers = try scan.run(stage, plan, csv.threads, result: { running.text }) {
            TableWorker(try empty(), running, options, isLogits: isLogits)
        }
        var totals = workers[0].totals
        for worker in workers.dropFirst() { try totals.merge(worker.totals) }
        return totals
    }

    /// Reads the columns into temporary files, for a loss that needs more than one pass.
    func spool() throws -> LossInput<Double> {
        let (scan, plan) = try open()
        let spooled = try SpooledColumns(scan, plan, csv.threads)
        func column(_ role: FileRole) -> FileColumn? {
            plan.number(role).map {
                let own = CSVPlan(
                    dialect: plan.dialect, columns: plan.columns, numbers: [plan.numbers[$0]], key: nil)
                return FileColumn(
                    "\(scan.header.path)", role, file: scan.file, spooled.columns[$0], count: spooled.count,
                    own)
            }
        }
        let (predictions, targets) = (column(.predictions)!, column(.targets)!)
        return LossInput(
            isLogits: isLogits, predictions: predictions, targets: targets, missing: missing,
            weights: try column(.weights).map { try Spread(weights: $0, over: predictions.shape) },
            positiveWeights: nil, mask: nil)
    }

    private func open() throws -> (CSVScan, CSVPlan) {
        guard let path else {
            return try plan(CSVScan(nil, csv.dialect(of: .standardInput)))
        }
        try path.checkKind()
        return try plan(CSVScan(InputFile(path), csv.dialect(of: path)))
    }

    private func plan(_ scan: CSVScan) throws -> (CSVScan, CSVPlan) {
        let header = scan.header
        var numbers = [
            CSVNumberColumn(
                index: try header.index(of: prediction), role: .predictions,
                domain: isLogits ? .logits : .probabilities),
            CSVNumberColumn(
                index: try header.index(of: target), role: .targets, domain: .targets,
                emptyCell: csv.emptyTarget),
        ]
        if let weight {
            numbers.append(
                CSVNumberColumn(index: try header.index(of: weight), role: .weights, domain: .weights))
        }
        let key = try group.map { try header.index(of: $0) }
        return (
            scan,
            CSVPlan(
                dialect: header.dialect, columns: header.count, numbers: numbers, key: key, missing: missing)
        )
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// Work that is done on a batch with one prediction type.
protocol BatchWork {
    mutating func run<P: LossPrediction>(_ batch: borrowing LossBatch<P>) throws
}

/// A problem whose arguments are in guarded memory.
struct PlacedProblem {
    let problem: Problem
    let predictions: StoredColumn
    let targets: StoredColumn
    private let elementWeights: StoredColumn?
    private let rowWeights: StoredColumn?
    private let columnWeights: StoredColumn?
    private let positiveWeights: StoredColumn?
    private let mask: StoredColumn?

    init(_ problem: Problem, _ arena: Arena, _ edge: GuardedRegion.Edge) {
        self.problem = problem
        predictions = StoredColumn(
            withGaps(
                problem.predictions, columns: problem.columns, stride: problem.predictionStride,
                gap: problem.isLogits ? .nan : 7),
            problem.predictionType, in: arena.predictions, edge)
        targets = StoredColumn(
            targets: withGaps(
                problem.targets, columns: problem.columns, stride: problem.targetStride, gap: 1),
            problem.targetType, in: arena.targets, edge)
        elementWeights = problem.elementWeights.map { StoredColumn($0, in: arena.elementWeights, edge) }
        rowWeights = problem.rowWeights.map { StoredColumn($0, in: arena.rowWeights, edge) }
        columnWeights = problem.columnWeights.map { StoredColumn($0, in: arena.columnWeights, edge) }
        positiveWeights = problem.positiveWeights.map { StoredColumn($0, in: arena.positiveWeights, edge) }
        mask = problem.mask.map { StoredColumn(mask: $0, problem.maskType, in: arena.mask, edge) }
    }

    /// Runs the work on the batch of all arguments.
    func run<Work: BatchWork>(_ work: inout Work) throws {
        switch problem.predictionType {
        case .float: try run(&work, Float.self)
        case .double: try run(&work, Double.self)
        case .half: try run(&work, Float16.self)
        case .bfloat16: try run(&work, BFloat16.self)
        }
    }

    private func run<Work: BatchWork, P: LossPrediction>(_ work: inout Work, _: P.Type) throws {
        switch problem.targetType {
        case .numbers(let type): try run(&work, P.self, type)
        case .bits:
            let (x, t) = (predictions.elements(P.self).span, targets.elements(UInt8.self).span)
            try run(
                &work,
                problem.isLogits
                    ? LossBatch(logits: x, packedTargets: t, columns: problem.columns)
                    : LossBatch(probabilities: x, packedTargets: t, columns: problem.columns))
        }
    }

    private func run<Work: BatchWork, P: LossPrediction, T: LossTarget>(
        _ work: inout Work, _: P.Type, _: T.Type
    ) throws {
        let (x, t) = (predictions.elements(P.self).span, targets.elements(T.self).span)
        guard problem.isView else {
            return try run(
                &work,
                problem.isLogits
                    ? LossBatch(logits: x, targets: t, columns: problem.columns)
                    : LossBatch(probabilities: x, targets: t, columns: problem.columns))
        }
        let predictions = try MatrixView(
            x, rows: problem.rows, columns: problem.columns, rowStride: problem.predictionStride)
        let targets = try MatrixView(
            t, rows: problem.rows, columns: problem.columns, rowStride: problem.targetStride)
        try run(
            &work,
            problem.isLogits
                ? LossBatch(logits: predictions, targets: targets)
                : LossBatch(probabilities: predictions, targets: targets))
    }

    private func run<Work: BatchWork, P: LossPrediction>(
        _ work: inout Work, _ plain: consuming LossBatch<P>
    ) throws {
        var batch = plain
        if let weight = problem.weight { batch = try batch.weighted(by: weight) }
        if let column = elementWeights {
            batch =
                try problem.elementWeights!.isFloat
                ? batch.weighted(byElement: column.elements(Float.self).span)
                : batch.weighted(byElement: column.elements(Double.self).span)
        }
        if let column = rowWeights {
            batch =
                try problem.rowWeights!.isFloat
                ? batch.weighted(byRow: column.elements(Float.self).span)
                : batch.weighted(byRow: column.elements(Double.self).span)
        }
        if let column = columnWeights {
            batch =
                try problem.columnWeights!.isFloat
                ? batch.weighted(byColumn: column.elements(Float.self).span)
                : batch.weighted(byColumn: column.elements(Double.self).span)
        }
        if let column = positiveWeights {
            batch =
                try problem.positiveWeights!.isFloat
                ? batch.positivesWeighted(byColumn: column.elements(Float.self).span)
                : batch.positivesWeighted(byColumn: column.elements(Double.self).span)
        }
        if let column = mask {
            switch problem.maskType {
            case .bool: batch = try batch.masked(by: column.elements(Bool.self).span)
            case .byte: batch = try batch.masked(by: column.elements(UInt8.self).span)
            case .bits: batch = try batch.masked(byPacked: column.elements(UInt8.self).span)
            }
        }
        try work.run(batch)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

enum CallKind: String, CaseIterable {
    case loss, losses, gradient, lossAndGradient, lossAndDerivatives
    case rows, rowsAndGradient, columns, columnsAndGradient
    case gradientOverLogits, lossOverLogits, accumulator, report
}

/// The results of a call, as Doubles.
struct CallResult {
    var loss: Double?
    /// The losses of elements, rows or columns.
    var losses: [Double] = []
    var gradient: [Double] = []
    var hessian: [Double] = []
    var report: LossReport?
}

/// One call of the library, with its results in guarded memory.
struct LibraryCall: BatchWork {
    let kind: CallKind
    let options: BinaryCrossEntropy
    let scale: Double
    /// Whether the losses of rows and columns are written as Floats.
    let writesFloats: Bool
    let arena: Arena
    let edge: GuardedRegion.Edge
    var result = CallResult()

    init(
        _ kind: CallKind, _ options: BinaryCrossEntropy, scale: Double, writesFloats: Bool, _ arena: Arena,
        _ edge: GuardedRegion.Edge
    ) {
        (self.kind, self.options, self.scale, self.writesFloats) = (kind, options, scale, writesFloats)
        (self.arena, self.edge) = (arena, edge)
    }

    mutating func run<P: LossPrediction>(_ batch: borrowing LossBatch<P>) throws {
        switch kind {
        case .loss: result.loss = try options.loss(batch)
        case .report: result.report = try options.report(batch)
        case .losses:
            let output = output(arena.losses, batch.count, P.LossResult.self)
            var losses = output.mutable(P.LossResult.self).mutableSpan
            try options.writeLosses(batch, into: &losses)
            result.losses = numbers(output, P.LossResult.self)
        case .gradient, .lossAndGradient, .lossAndDerivatives: try runDerivatives(batch)
        case .rows, .rowsAndGradient, .columns, .columnsAndGradient:
            if writesFloats { try runLines(batch, Float.self) } else { try runLines(batch, Double.self) }
        case .gradientOverLogits, .lossOverLogits, .accumulator:
            preconditionFailure("\(kind) takes no batch of its own")
        }
    }

    private mutating func runDerivatives<P: LossPrediction>(_ batch: borrowing LossBatch<P>) throws {
        let output = output(arena.gradient, batch.count, P.LossResult.self)
        var gradient = output.mutable(P.LossResult.self).mutableSpan
        switch kind {
        case .gradient: try options.writeGradient(batch, into: &gradient, gradientScale: scale)
        case .lossAndGradient:
            result.loss = try options.loss(batch, writingGradientInto: &gradient, gradientScale: scale)
        default:
            let second = self.output(arena.hessian, batch.count, P.LossResult.self)
            var hessian = second.mutable(P.LossResult.self).mutableSpan
            result.loss = try options.loss(
                batch, writingGradientInto: &gradient, hessianDiagonal: &hessian, gradientScale: scale)
            result.hessian = numbers(second, P.LossResult.self)
        }
        result.gradient = numbers(output, P.LossResult.self)
    }

    private mutating func runLines<P: LossPrediction, R: LossScalar>(
        _ batch: borrowing LossBatch<P>, _: R.Type
    ) throws {
        let isRows = kind == .rows || kind == .rowsAndGradient
        let output = output(arena.losses, isRows ? batch.rows : batch.columns, R.self)
        var losses = output.mutable(R.self).mutableSpan
        let second = self.output(arena.gradient, batch.count, P.LossResult.self)
        var gradient = second.mutable(P.LossResult.self).mutableSpan
        switch kind {
        case .rows: try options.writeRowLosses(batch, into: &losses)
        case .columns: try options.writeColumnLosses(batch, into: &losses)
        case .rowsAndGradient:
            try options.writeRowLosses(
                batch, into: &losses, writingGradientInto: &gradient, gradientScale: scale)
        default:
            try options.writeColumnLosses(
                batch, into: &losses, writingGradientInto: &gradient, gradientScale: scale)
        }
        result.losses = numbers(output, R.self)
        if kind == .rowsAndGradient || kind == .columnsAndGradient {
            result.gradient = numbers(second, P.LossResult.self)
        }
    }

    /// Logits that are overwritten with their gradient.
    mutating func runOverLogits(_ problem: Problem) throws {
        let isDouble = problem.predictionType == .double
        if isDouble {
            try runOverLogits(problem, Double.self)
        } else {
            try runOverLogits(problem, Float.self)
        }
    }

    private mutating func runOverLogits<S: LossScalar>(_ problem: Problem, _: S.Type) throws {
        let stored = StoredColumn(problem.predictions.map { S($0) }, in: arena.gradient, edge)
        let targets = StoredColumn(targets: problem.targets, problem.targetType, in: arena.targets, edge)
        let logits = stored.mutable(S.self)
        guard case .numbers(let type) = problem.targetType else {
            preconditionFailure("there is no such form for bits")
        }
        try runOver(logits, targets, type)
        result.gradient = numbers(stored, S.self)
    }

    private mutating func runOver<S: LossScalar, T: LossTarget>(
        _ logits: UnsafeMutableBufferPointer<S>, _ targets: StoredColumn, _: T.Type
    ) throws {
        var logits = logits.mutableSpan
        let targets = targets.elements(T.self)
        if kind == .gradientOverLogits {
            try options.writeGradient(overLogits: &logits, targets: targets.span, gradientScale: scale)
        } else {
            result.loss = try options.loss(
                writingGradientOverLogits: &logits, targets: targets.span, gradientScale: scale)
        }
    }

    /// Room for results, filled with a value that is not a possible result.
    private func output<R: LossScalar>(_ region: GuardedRegion, _ count: Int, _: R.Type) -> StoredColumn {
        StoredColumn([R](repeating: 12345.678, count: count), in: region, edge)
    }

    private func numbers<R: LossScalar>(_ column: StoredColumn, _: R.Type) -> [Double] {
        column.elements(R.self).map { Double($0) }
    }
}

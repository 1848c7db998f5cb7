import CrossEntropy

/// One loss of files, piece by piece with a progress bar: checked and reduced first, then written on request.
struct LossJob<P: FilePrediction> {
    let options: BinaryCrossEntropy
    let input: LossInput<P>

    init(options: BinaryCrossEntropy, input: LossInput<P>) throws {
        self.input = input
        self.options = try options.with(missingTargets: input.missing)
    }

    /// The sums of all losses, of values that make sense.
    func total() throws -> LossAccumulator {
        var total = LossAccumulator()
        try forEachPiece("adding losses", input.plan.pieces()) { piece in
            try input.check(piece)
            try input.withBatch(piece) { try options.add($0, to: &total) }
        }
        return total
    }

    /// The loss of each row.
    func rowLosses() throws -> [Double] {
        var losses: [Double] = []
        var rows: [Double] = []
        try forEachPiece("adding losses by row", input.rowPlan.pieces(wholeRows: true)) { piece in
            rows.resize(to: piece.rows.count)
            try input.withBatch(piece) { batch in
                var span = rows.mutableSpan
                try options.writeRowLosses(batch, into: &span)
            }
            losses += rows
        }
        return losses
    }

    /// The loss of each column: from one call, as losses of pieces do not add up.
    func columnLosses() throws -> [Double] {
        try input.withBatch(input.rowPlan.whole) { try options.columnLosses($0) }
    }

    /// What is known beside the loss: from one call, as reports of pieces do not add up.
    func report() throws -> LossReport {
        try input.withBatch(input.plan.whole) { try options.report($0) }
    }

    /// Writes the loss of each element.
    func writeLosses(to file: NPYWriter) throws {
        var losses: [P.LossResult] = []
        try forEachPiece("writing losses", input.plan.pieces()) { piece in
            losses.resize(to: piece.elements.count)
            try input.withBatch(piece) { batch in
                var span = losses.mutableSpan
                try options.writeLosses(batch, into: &span)
            }
            try file.append(losses)
        }
    }

    /// Writes the gradient of the reduced loss, and the diagonal of its Hessian.
    ///
    /// - Parameter total: of all elements, which a mean is divided by; a piece does not know it.
    func writeDerivatives(_ total: LossAccumulator, gradient: NPYWriter?, hessian: NPYWriter?) throws {
        let scale = 1 / options.reduction.divisor(total)
        let sum = options.with(reduction: .sum)
        var slopes: [P.LossResult] = []
        var curvatures: [P.LossResult] = []
        try forEachPiece("writing derivatives", input.plan.pieces()) { piece in
            slopes.resize(to: piece.elements.count)
            if hessian != nil { curvatures.resize(to: piece.elements.count) }
            try input.withBatch(piece) { batch in
                var slopeSpan = slopes.mutableSpan
                guard hessian != nil else {
                    return try sum.writeGradient(batch, into: &slopeSpan, scale: scale)
                }
                var curvatureSpan = curvatures.mutableSpan
                _ = try sum.loss(
                    batch, writingGradientInto: &slopeSpan, hessianInto: &curvatureSpan, scale: scale)
            }
            try gradient?.append(slopes)
            try hessian?.append(curvatures)
        }
    }

    private func forEachPiece(_ stage: String, _ pieces: [Piece], _ body: (Piece) throws -> Void) throws {
        var progress = Progress(stage, total: input.count)
        defer { progress.finish() }
        for piece in pieces {
            try body(piece)
            progress.advance(to: piece.elements.upperBound)
        }
    }
}

extension BinaryCrossEntropy.Reduction {
    /// What the sum of losses is divided by.
    func divisor(_ total: LossAccumulator) -> Double {
        switch self {
        case .sum: 1
        case .mean: Double(total.count)
        case .weightedMean: total.weightSum
        }
    }

    func loss(_ total: LossAccumulator) -> Double {
        switch self {
        case .sum: total.sum
        case .mean: total.mean
        case .weightedMean: total.weightedMean
        }
    }
}

extension Array where Element: BinaryFloatingPoint {
    /// A buffer of another piece: all but the last are as long.
    fileprivate mutating func resize(to count: Int) {
        if self.count != count { self = [Element](repeating: 0, count: count) }
    }
}

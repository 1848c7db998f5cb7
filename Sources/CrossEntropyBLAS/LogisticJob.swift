// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// One evaluation of an objective: threads process the tiles of each piece, then the sums of the pieces are added in
/// order.
@unsafe
struct LogisticJob<S: BLASNumber> {
    private let problem: LogisticProblem
    private let plan: LogisticPlan
    private let room: UnsafeMutableRawPointer

    init(_ problem: LogisticProblem, _ workspace: BLASWorkspace) {
        let plan = LogisticPlan(problem, S.self)
        unsafe self.problem = problem
        unsafe self.plan = plan
        unsafe room = workspace.room(plan.layout)
    }

    func value(_ parameters: UnsafePointer<Double>) -> Double {
        let coefficients = unsafe prepare(parameters, plan.coefficients)
        return unsafe sum { tile, rows, _ in
            unsafe tile.multiply(rows, coefficients, parameters, into: tile.logits)
            return unsafe tile.loss(rows)
        }
    }

    /// Writes the sums of the losses' derivatives; returns the sum of the losses.
    func value(
        _ parameters: UnsafePointer<Double>, gradient: UnsafeMutablePointer<Double>
    ) -> Double {
        let coefficients = unsafe prepare(parameters, plan.coefficients)
        let value = unsafe sum { tile, rows, sums in
            unsafe tile.multiply(rows, coefficients, parameters, into: tile.logits)
            let loss = unsafe tile.lossWritingDerivatives(rows, withCurvatures: false)
            unsafe tile.addProducts(rows, tile.residuals, to: sums)
            return loss
        }
        unsafe addUp(into: gradient)
        return value
    }

    /// Writes the product of the losses' Hessian and a direction: XT (h (X v)).
    func hessianProduct(
        _ parameters: UnsafePointer<Double>, _ direction: UnsafePointer<Double>,
        into product: UnsafeMutablePointer<Double>
    ) {
        let coefficients = unsafe prepare(parameters, plan.coefficients)
        let steps = unsafe prepare(direction, plan.direction)
        _ = unsafe sum { tile, rows, sums in
            unsafe tile.multiply(rows, coefficients, parameters, into: tile.logits)
            let loss = unsafe tile.lossWritingDerivatives(rows, withCurvatures: true)
            unsafe tile.multiply(rows, steps, direction, into: tile.image)
            for index in unsafe 0..<rows.count * problem.labels {
                unsafe tile.image[index] *= tile.curvatures[index]
            }
            unsafe tile.addProducts(rows, tile.image, to: sums)
            return loss
        }
        unsafe addUp(into: product)
    }

    /// Writes the logits of all rows.
    func logits(_ parameters: UnsafePointer<Double>, into logits: UnsafeMutablePointer<S>) {
        let coefficients = unsafe prepare(parameters, plan.coefficients)
        _ = unsafe sum { tile, rows, _ in
            let place = unsafe logits + rows.lowerBound * problem.labels
            unsafe tile.multiply(rows, coefficients, parameters, into: place)
            return 0
        }
    }

    private func prepare(_ parameters: UnsafePointer<Double>, _ place: Int) -> UnsafeMutablePointer<S> {
        let coefficients = unsafe room.numbers(place, S.self)
        unsafe problem.write(parameters, to: coefficients)
        return unsafe coefficients
    }

    /// Calls `body` for every tile with the sums of its piece; returns the sum of its results.
    private func sum(
        _ body: (LogisticTile<S>, Range<Int>, UnsafeMutablePointer<Double>) -> Double
    ) -> Double {
        unsafe Schedule.run(pieces: plan.pieces.count, threads: plan.threads) { piece in
            let sums = unsafe self.sums(piece)
            unsafe sums.update(repeating: 0, count: plan.sumsOfPiece)
            let tile = unsafe LogisticTile<S>(
                problem, plan.place, room + plan.scratch + piece * plan.scratchOfPiece)
            let all = unsafe plan.rows(ofPiece: piece)
            for start in unsafe stride(from: all.lowerBound, to: all.upperBound, by: plan.rowsInTile) {
                let rows = unsafe start..<min(all.upperBound, start + plan.rowsInTile)
                unsafe sums[plan.sumsOfPiece - 1] += body(tile, rows, sums)
            }
        }
        return unsafe (0..<plan.pieces.count).reduce(0) { unsafe $0 + sums($1)[plan.sumsOfPiece - 1] }
    }

    private func sums(_ piece: Int) -> UnsafeMutablePointer<Double> {
        unsafe room.numbers(plan.sums, Double.self) + piece * plan.sumsOfPiece
    }

    private func addUp(into parameters: UnsafeMutablePointer<Double>) {
        for label in unsafe 0..<problem.labels {
            for index in unsafe 0..<problem.parametersOfLabel {
                let place = unsafe label * (problem.columns + 1) + index
                unsafe parameters[label * problem.parametersOfLabel + index] =
                    (0..<plan.pieces.count).reduce(0) { unsafe $0 + sums($1)[place] }
            }
        }
    }
}

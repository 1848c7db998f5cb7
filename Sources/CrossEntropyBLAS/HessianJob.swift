internal import CrossEntropy
internal import KernelLevels

/// The Hessian of one label, tile by tile.
@unsafe
struct HessianJob<S: BLASNumber> {
    private let problem: LogisticProblem
    private let label: Int
    private let rowsInTile: Int
    private let padded: Int
    private let coefficients, logits, residuals, curvatures, scaled, partial: UnsafeMutablePointer<S>
    private let targets: UnsafeMutableRawPointer

    private var size: Int { unsafe problem.parametersOfLabel }

    init(_ problem: LogisticProblem, _ label: Int, _ workspace: BLASWorkspace) {
        let size = problem.parametersOfLabel
        // A quarter of a second cache of 1 MiB.
        let rows = min(2048, max(64, (256 << 10) / max(1, size * MemoryLayout<S>.stride)))
        var layout = WorkspaceLayout()
        let padded = MatrixTile.padded(problem.columns)
        let places = (
            coefficients: layout.place(padded, S.self), logits: layout.place(rows, S.self),
            residuals: layout.place(rows, S.self), curvatures: layout.place(rows, S.self),
            scaled: layout.place(rows * size, S.self), partial: layout.place(size * size, S.self),
            targets: layout.place(rows, Double.self)
        )
        let room = unsafe workspace.room(layout)
        unsafe self.problem = problem
        unsafe self.label = label
        unsafe self.padded = padded
        unsafe rowsInTile = rows
        unsafe coefficients = room.numbers(places.coefficients, S.self)
        unsafe logits = room.numbers(places.logits, S.self)
        unsafe residuals = room.numbers(places.residuals, S.self)
        unsafe curvatures = room.numbers(places.curvatures, S.self)
        unsafe scaled = room.numbers(places.scaled, S.self)
        unsafe partial = room.numbers(places.partial, S.self)
        unsafe targets = room + places.targets
    }

    func run(
        _ parameters: UnsafePointer<Double>, into hessian: UnsafeMutablePointer<Double>, _ rowStride: Int
    ) {
        guard unsafe size > 0 else { return }
        let columns = unsafe problem.columns
        for column in unsafe 0..<padded {
            unsafe coefficients[column] = column < columns ? S(parameters[column]) : 0
        }
        for row in unsafe 0..<size {
            for column in unsafe 0..<size { unsafe hessian[row * rowStride + column] = 0 }
        }
        let rows = unsafe problem.features.rows
        for start in unsafe stride(from: 0, to: rows, by: rowsInTile) {
            let tile = unsafe start..<min(rows, start + rowsInTile)
            unsafe writeCurvatures(tile, intercept: problem.hasIntercept ? parameters[columns] : 0)
            for sign in [S(1), -1] where unsafe scale(tile, by: sign) {
                for index in unsafe 0..<size * size { unsafe partial[index] = 0 }
                unsafe S.syrk(
                    Block(scaled, stride: size), alpha: sign, into: partial, rows: tile.count, columns: size)
                unsafe add(to: hessian, rowStride)
            }
        }
        unsafe finish(hessian, rowStride)
    }

    private func writeCurvatures(_ rows: Range<Int>, intercept: Double) {
        let storage = S.predictionStorage.storage
        var matrix = unsafe MatrixTile(
            problem.features.row(rows.lowerBound), rows: rows.count, columns: problem.columns,
            rowStride: problem.features.rowStride)
        unsafe matrix.multiply(coefficients, plus: intercept, into: logits, problem.level)
        let given = unsafe problem.targets
        let bytes = unsafe given.base.storage.bytes(1)
        for (index, row) in rows.enumerated() {
            unsafe (targets + index * bytes).copyMemory(
                from: given.row(row, from: label).base, byteCount: bytes)
        }
        var tile = unsafe LossTile(
            predictions: ElementColumn(logits, storage), targets: ElementColumn(targets, given.base.storage),
            weights: problem.rowWeights?.from(rows.lowerBound), count: rows.count)
        unsafe tile.writeDerivatives(
            DerivativePlaces(gradient: residuals, hessian: curvatures), problem.formula, problem.level)
    }

    /// Writes the rows [X 1] with curvatures of one sign, times their roots, zeros for the others; false if all are 0.
    /// (A focal loss is not convex: there are curvatures of either sign.)
    private func scale(_ rows: Range<Int>, by sign: S) -> Bool {
        var isUsed = false
        for (index, row) in rows.enumerated() {
            let curvature = unsafe curvatures[index] * sign
            let place = unsafe scaled + index * size
            // A NaN is of the first sign.
            guard curvature > 0 || curvature.isNaN && sign > 0 else {
                unsafe place.update(repeating: 0, count: size)
                continue
            }
            isUsed = true
            let root = curvature.squareRoot()
            let features = unsafe problem.features.row(row).base.assumingMemoryBound(to: S.self)
            for column in unsafe 0..<problem.columns { unsafe place[column] = features[column] * root }
            if unsafe problem.hasIntercept { unsafe place[problem.columns] = root }
        }
        return isUsed
    }

    private func add(to hessian: UnsafeMutablePointer<Double>, _ rowStride: Int) {
        for row in unsafe 0..<size {
            for column in unsafe row..<size {
                unsafe hessian[row * rowStride + column] += Double(partial[row * size + column])
            }
        }
    }

    /// Divides, adds the penalty and mirrors the upper triangle.
    private func finish(_ hessian: UnsafeMutablePointer<Double>, _ rowStride: Int) {
        for row in unsafe 0..<size {
            for column in unsafe row..<size {
                unsafe hessian[row * rowStride + column] /= problem.divisor
                if row == column, unsafe row < problem.columns {
                    unsafe hessian[row * rowStride + column] += problem.l2
                }
                unsafe hessian[column * rowStride + row] = hessian[row * rowStride + column]
            }
        }
    }
}

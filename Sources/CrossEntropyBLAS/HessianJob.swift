// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// The Hessian of one label, tile by tile.
@unsafe
struct HessianJob<S: BLASNumber> {
    private let problem: LogisticProblem
    private let rowsInTile: Int
    private let tile: LogisticTile<S>
    private let coefficients, scaled, partial: UnsafeMutablePointer<S>

    private var size: Int { unsafe problem.parametersOfLabel }

    init(_ problem: LogisticProblem, _ label: Int, _ workspace: BLASWorkspace) {
        let problem = problem.ofLabel(label)
        let size = problem.parametersOfLabel
        // A quarter of a 1 MiB L2 cache.
        let rows = min(2048, max(64, (256 << 10) / max(1, size * MemoryLayout<S>.stride)))
        var layout = WorkspaceLayout()
        let coefficients = layout.place(problem.padded, S.self)
        let scaled = layout.place(rows * size, S.self)
        let partial = layout.place(size * size, S.self)
        let places = ScratchPlaces(problem, rows: rows, S.self, in: &layout)
        let room = unsafe workspace.room(layout)
        unsafe self.problem = problem
        unsafe rowsInTile = rows
        unsafe tile = LogisticTile(problem, places, room)
        unsafe self.coefficients = room.numbers(coefficients, S.self)
        unsafe self.scaled = room.numbers(scaled, S.self)
        unsafe self.partial = room.numbers(partial, S.self)
    }

    func run(
        _ parameters: UnsafePointer<Double>, into hessian: UnsafeMutablePointer<Double>, _ rowStride: Int
    ) {
        guard unsafe size > 0 else { return }
        unsafe problem.write(parameters, to: coefficients)
        for row in unsafe 0..<size {
            for column in unsafe 0..<size { unsafe hessian[row * rowStride + column] = 0 }
        }
        let rows = unsafe problem.features.rows
        for start in unsafe stride(from: 0, to: rows, by: rowsInTile) {
            let part = unsafe start..<min(rows, start + rowsInTile)
            unsafe tile.multiply(part, coefficients, parameters, into: tile.logits)
            _ = unsafe tile.lossWritingDerivatives(part, withCurvatures: true)
            for sign in [S(1), -1] where unsafe scale(part, by: sign) {
                for index in unsafe 0..<size * size { unsafe partial[index] = 0 }
                unsafe S.syrk(
                    Block(scaled, stride: size), alpha: sign, into: partial, rows: part.count, columns: size)
                unsafe add(to: hessian, rowStride)
            }
        }
        unsafe finish(hessian, rowStride)
    }

    /// Writes the rows of [X 1] whose curvatures have the given sign, times the square roots of their magnitudes, and
    /// zeros for the other rows. Returns false if all are 0. (A focal loss is not convex, so curvatures may have either
    /// sign.)
    private func scale(_ rows: Range<Int>, by sign: S) -> Bool {
        var isUsed = false
        for (index, row) in rows.enumerated() {
            let curvature = unsafe tile.curvatures[index] * sign
            let place = unsafe scaled + index * size
            // NaN is treated as positive.
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

    /// Divides by the divisor, adds the penalty and mirrors the upper triangle.
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

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// The steps for the tiles of one piece: logits, losses with their derivatives, and the contributions of these to the
/// sums for the parameters.
@unsafe
struct LogisticTile<S: BLASNumber> {
    private let problem: LogisticProblem
    private let padded: Int
    private let partial: UnsafeMutablePointer<S>
    let logits, residuals, curvatures, image: UnsafeMutablePointer<S>
    private let targets: UnsafeMutableRawPointer

    init(_ problem: LogisticProblem, _ place: ScratchPlaces, _ scratch: UnsafeMutableRawPointer) {
        unsafe self.problem = problem
        unsafe padded = problem.padded
        unsafe partial = scratch.numbers(place.partial, S.self)
        unsafe logits = scratch.numbers(place.logits, S.self)
        unsafe residuals = scratch.numbers(place.residuals, S.self)
        unsafe curvatures = scratch.numbers(place.curvatures, S.self)
        unsafe image = scratch.numbers(place.image, S.self)
        unsafe targets = scratch + place.targets
    }

    private var labels: Int { unsafe problem.labels }

    /// `results[row, label] = intercept + X[row] coefficients[label]`.
    func multiply(
        _ rows: Range<Int>, _ coefficients: UnsafeMutablePointer<S>, _ parameters: UnsafePointer<Double>,
        into results: UnsafeMutablePointer<S>
    ) {
        guard unsafe problem.takesBLAS else {
            let intercept = unsafe self.intercept(0, parameters)
            return unsafe tile(rows).multiply(coefficients, plus: intercept, into: results, problem.level)
        }
        for label in unsafe 0..<labels {
            let intercept = unsafe S(self.intercept(label, parameters))
            for row in 0..<rows.count { unsafe results[row * labels + label] = intercept }
        }
        guard unsafe problem.columns > 0 else { return }
        unsafe S.gemm(
            features(rows), transposed: false, Block(coefficients, stride: padded), transposed: true,
            alpha: 1, beta: 1, into: results, stride: labels, rows: rows.count, columns: labels,
            inner: problem.columns)
    }

    private func intercept(_ label: Int, _ parameters: UnsafePointer<Double>) -> Double {
        unsafe problem.hasIntercept
            ? parameters[label * problem.parametersOfLabel + problem.columns] : 0
    }

    /// `sums[label, c] += factors[row, label] X[row, c]`; the sums of the factors are added after the columns.
    func addProducts(
        _ rows: Range<Int>, _ factors: UnsafeMutablePointer<S>, to sums: UnsafeMutablePointer<Double>
    ) {
        let columns = unsafe problem.columns
        for index in unsafe 0..<labels * padded { unsafe partial[index] = 0 }
        if unsafe !problem.takesBLAS {
            unsafe tile(rows).addRows(times: factors, to: partial, problem.level)
        } else if columns > 0 {
            unsafe S.gemm(
                Block(factors, stride: labels), transposed: true, features(rows), transposed: false,
                alpha: 1, beta: 0, into: partial, stride: padded, rows: labels, columns: columns,
                inner: rows.count)
        }
        for label in unsafe 0..<labels {
            let sums = unsafe sums + label * (columns + 1)
            for column in 0..<columns { unsafe sums[column] += Double(partial[label * padded + column]) }
            unsafe sums[columns] += sumOfStrided(factors + label, rows.count, by: labels)
        }
    }

    /// The sum of the losses of logits.
    func loss(_ rows: Range<Int>) -> Double {
        unsafe withUnsafePointer(to: problem.formula) { formula in
            unsafe sum(rows) { unsafe $0.sums(formula, problem.level) }
        }
    }

    /// The same, with first derivatives in `residuals` and, if requested, second derivatives in `curvatures`.
    func lossWritingDerivatives(_ rows: Range<Int>, withCurvatures: Bool) -> Double {
        let outputs = unsafe Outputs(gradient: residuals, hessian: withCurvatures ? curvatures : nil)
        return unsafe withUnsafePointer(to: problem.formula) { formula in
            unsafe sum(rows) { part in
                unsafe part.sumsWriting(outputs.from(part.first, part.result), formula, problem.level)
            }
        }
    }

    /// The sum of the losses that `body` returns for parts of the rows. With many labels, the rows have more elements than
    /// the kernels for products can take.
    private func sum(_ rows: Range<Int>, _ body: (BatchSlice) -> SliceSums) -> Double {
        let slice = unsafe slice(rows)
        let size = Schedule.tile(slice.result)
        return stride(from: 0, to: slice.count, by: size).reduce(0) { sum, start in
            sum + body(slice.part(start..<min(slice.count, start + size))).loss.value
        }
    }

    private func tile(_ rows: Range<Int>) -> MatrixTile {
        unsafe MatrixTile(
            problem.features.row(rows.lowerBound), rows: rows.count, columns: problem.columns,
            rowStride: problem.features.rowStride)
    }

    private func features(_ rows: Range<Int>) -> Block<S> {
        let base = unsafe problem.features.row(rows.lowerBound).base
        return unsafe Block(base.assumingMemoryBound(to: S.self), stride: problem.features.rowStride)
    }

    private func slice(_ rows: Range<Int>) -> BatchSlice {
        var slice = unsafe BatchSlice(
            predictions: Column(logits, S.predictionStorage.dtype), targets: targetColumn(rows),
            count: rows.count * labels)
        slice.rowWeights = unsafe problem.rowWeights?.from(rows.lowerBound)
        unsafe slice.columns = labels
        return slice
    }

    /// The targets in place, or copied without the gaps between rows.
    private func targetColumn(_ rows: Range<Int>) -> Column {
        let given = unsafe problem.targets
        let first = unsafe given.row(rows.lowerBound)
        guard unsafe given.rowStride != labels else { return first }
        let bytes = unsafe first.dtype.bytes(labels)
        for (index, row) in rows.enumerated() {
            unsafe (targets + index * bytes).copyMemory(from: given.row(row).base, byteCount: bytes)
        }
        return unsafe Column(targets, first.dtype)
    }
}

/// Uses four independent accumulators, because a single one would wait for each addition.
func sumOfStrided<S: LossScalar>(_ values: UnsafePointer<S>, _ count: Int, by stride: Int) -> Double {
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index + 4 <= count {
        unsafe a += Double(values[index * stride])
        unsafe b += Double(values[(index + 1) * stride])
        unsafe c += Double(values[(index + 2) * stride])
        unsafe d += Double(values[(index + 3) * stride])
        index += 4
    }
    while index < count {
        unsafe a += Double(values[index * stride])
        index += 1
    }
    return (a + b) + (c + d)
}

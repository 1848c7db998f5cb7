// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyBLAS
import CrossEntropyCBLAS
import Foundation

extension MatrixTable {
    /// Value and gradient of a logistic model. The limit is reading its features once, which takes longer than the two
    /// multiply-adds per feature; the product of the features and the coefficients by CBLAS is a separate row.
    static func logisticGradient(rows: Int, columns: Int, _ threads: Int) -> MatrixTable {
        let data = Lazy { LogisticData(rows, columns) }
        let options = BinaryCrossEntropy.onThreads(threads)
        let workspace = BLASWorkspace()
        return MatrixTable(
            setting: Setting(
                operation: "logistic-gradient-\(rows)x\(columns)", bytesPerElement: 4,
                count: rows * columns, threads: threads),
            implementations: [
                Implementation(name: Implementation.naive) { data.value.naive() },
                Implementation(name: "vector", note: "one pass") {
                    let value = data.value
                    let (x, t, w, g) = (value.features, value.targets, value.parameters, value.gradient)
                    let features = try MatrixView(x.span, rows: rows, columns: columns)
                    let objective = try LogisticObjective(
                        features: features, targets: t.span, loss: options, hasIntercept: false)
                    var gradient = g.mutableSpan
                    let loss = try objective.value(
                        w.span, writingGradientInto: &gradient, workspace: workspace)
                    return loss + value.gradient[columns - 1]
                },
                Implementation(name: "blas-two-passes", note: "gemv, loss and gradient, transposed gemv") {
                    try data.value.byBLAS(rowsAtATime: rows, options)
                },
                Implementation(name: "blas-tiles", note: "the same for 64 rows at a time") {
                    try data.value.byBLAS(rowsAtATime: 64, options)
                },
                Implementation(name: "blas-sgemv", note: "the first product alone", isPart: true) {
                    data.value.multiply(0..<rows)
                    return Double(data.value.logits[rows - 1])
                },
                Implementation(name: Implementation.limit, note: "features read once, Swift SIMD") {
                    let features = UnsafePointer(data.value.features.baseAddress!)
                    return inParallel(threads, rows * columns) { sum(features, $0) }
                },
            ])
    }
}

private final class LogisticData {
    private let rows, columns: Int
    let features, targets, logits: UnsafeMutableBufferPointer<Float>
    private let coefficients, residuals, sums: UnsafeMutableBufferPointer<Float>
    let parameters: [Double]
    let gradient: UnsafeMutableBufferPointer<Double>

    init(_ rows: Int, _ columns: Int) {
        (self.rows, self.columns) = (rows, columns)
        (features, targets) = (zeros(rows * columns), zeros(rows))
        (logits, residuals) = (zeros(rows), zeros(rows))
        (coefficients, sums) = (zeros(columns), zeros(columns))
        gradient = .allocate(capacity: columns)
        gradient.initialize(repeating: 0)
        var random = SplitMix64(state: 11)
        for index in features.indices { features[index] = Float(random.nextNormal()) }
        for index in targets.indices { targets[index] = random.nextUniform() < 0.5 ? 0 : 1 }
        for index in coefficients.indices { coefficients[index] = Float(0.1 * random.nextNormal()) }
        parameters = coefficients.map { Double($0) }
    }

    /// z = X w for some rows.
    func multiply(_ range: Range<Int>) {
        cblas_sgemv(
            CblasRowMajor, CblasNoTrans, Int32(range.count), Int32(columns), 1,
            features.baseAddress! + range.lowerBound * columns, Int32(columns), coefficients.baseAddress!,
            1, 0, logits.baseAddress! + range.lowerBound, 1)
    }

    func byBLAS(rowsAtATime: Int, _ options: BinaryCrossEntropy) throws -> Double {
        let sum = options.with(reduction: .sum)
        var value = 0.0
        sums.update(repeating: 0)
        for start in stride(from: 0, to: rows, by: rowsAtATime) {
            let range = start..<min(rows, start + rowsAtATime)
            multiply(range)
            var residuals = UnsafeMutableBufferPointer(rebasing: self.residuals[range]).mutableSpan
            value += try sum.loss(
                LossBatch(logits: logits.span.extracting(range), targets: targets.span.extracting(range)),
                writingGradientInto: &residuals)
            cblas_sgemv(
                CblasRowMajor, CblasTrans, Int32(range.count), Int32(columns), 1,
                features.baseAddress! + start * columns, Int32(columns),
                self.residuals.baseAddress! + start, 1, 1, sums.baseAddress!, 1)
        }
        return (value + Double(sums[columns - 1])) / Double(rows)
    }

    /// The straightforward implementation: one row at a time.
    func naive() -> Double {
        var value = 0.0
        gradient.update(repeating: 0)
        for row in 0..<rows {
            let x = features.baseAddress! + row * columns
            var logit: Float = 0
            for column in 0..<columns { logit += x[column] * coefficients[column] }
            value += Double(max(logit, 0) - targets[row] * logit + log1p(exp(-abs(logit))))
            let residual = Double(1 / (1 + exp(-logit)) - targets[row])
            for column in 0..<columns { gradient[column] += residual * Double(x[column]) }
        }
        return (value + gradient[columns - 1]) / Double(rows)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyKernels
import NaiveCrossEntropy

extension MatrixTable {
    /// The mean of each row. The limit is the mean of all elements, computed by the same function.
    static func byRow(
        _ domain: PredictionDomain, rows: Int, columns: Int, _ threads: Int
    ) -> MatrixTable {
        let isLogits = domain == .logits
        let count = rows * columns
        let operation = isLogits ? logitMean : probabilityMean
        let data = Lazy { Buffers(operation, count: count) }
        let losses = UnsafeMutableBufferPointer<Double>.allocate(capacity: rows)
        let options = BinaryCrossEntropy.onThreads(threads)
        let naive = NaiveBinaryCrossEntropy()
        return MatrixTable(
            setting: Setting(operation, "rows-\(rows)x\(columns)", count: count, threads: threads),
            implementations: [
                Implementation(name: Implementation.naive) {
                    let (predictions, targets) = (data.value.predictions, data.value.targets)
                    for row in 0..<rows {
                        let part = row * columns..<(row + 1) * columns
                        let x = predictions.span.extracting(part)
                        let t = targets.span.extracting(part)
                        let sum =
                            isLogits
                            ? naive.loss(logits: x, targets: t) : naive.loss(probabilities: x, targets: t)
                        losses[row] = sum / Double(columns)
                    }
                    return losses[rows - 1]
                },
                Implementation(name: "vector") {
                    let (x, t) = (data.value.predictions, data.value.targets)
                    let batch =
                        isLogits
                        ? try LossBatch(logits: x.span, targets: t.span, columns: columns)
                        : try LossBatch(probabilities: x.span, targets: t.span, columns: columns)
                    var span = losses.mutableSpan
                    try options.writeRowLosses(batch, into: &span)
                    return losses[rows - 1]
                },
                Implementation(name: Implementation.limit, note: "the mean of all") {
                    try operation.vector(data.value, options)
                },
            ])
    }

    /// The mean of each column. The limit is the mean of all elements.
    static func byColumn(rows: Int, columns: Int, _ threads: Int) -> MatrixTable {
        let data = Lazy { Buffers(logitMean, count: rows * columns) }
        let losses = UnsafeMutableBufferPointer<Double>.allocate(capacity: columns)
        let options = BinaryCrossEntropy.onThreads(threads)
        let each = UnsafeMutableBufferPointer<Float>.allocate(capacity: columns)
        let naive = NaiveBinaryCrossEntropy()
        return MatrixTable(
            setting: Setting(
                logitMean, "columns-\(rows)x\(columns)", count: rows * columns, threads: threads),
            implementations: [
                Implementation(name: Implementation.naive) {
                    losses.update(repeating: 0)
                    let (logits, targets) = (data.value.predictions, data.value.targets)
                    for row in 0..<rows {
                        let part = row * columns..<(row + 1) * columns
                        var span = each.mutableSpan
                        naive.writeLosses(
                            logits: logits.span.extracting(part), targets: targets.span.extracting(part),
                            into: &span)
                        for column in 0..<columns { losses[column] += Double(each[column]) }
                    }
                    return losses[columns - 1] / Double(rows)
                },
                Implementation(name: "vector") {
                    let (logits, targets) = (data.value.predictions, data.value.targets)
                    let batch = try LossBatch(logits: logits.span, targets: targets.span, columns: columns)
                    var span = losses.mutableSpan
                    try options.writeColumnLosses(batch, into: &span)
                    return losses[columns - 1]
                },
                Implementation(name: Implementation.limit, note: "the mean of all") {
                    try logitMean.vector(data.value, options)
                },
            ])
    }

    private static var logitMean: Operation<Float> { Operation.all.first { $0.name == "loss.logits" }! }
    private static var probabilityMean: Operation<Float> {
        Operation.all.first { $0.name == "loss.probabilities" }!
    }
}

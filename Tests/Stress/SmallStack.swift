// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// Makes every call of the library on a thread with a stack of `bytes` bytes. If a call needs more, a signal ends the
/// process.
func callEverything(onStackOf bytes: Int) throws {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    guard pthread_attr_setstacksize(&attributes, bytes) == 0 else { fail("no stack of \(bytes) bytes") }
    var thread = pthread_t()
    let error = pthread_create(
        &thread, &attributes,
        { _ in
            do {
                try callEverything(Float.self)
                try callEverything(Double.self)
            } catch {
                fail("\(error)")
            }
            return nil
        }, nil)
    guard error == 0 else { fail("no thread: \(String(cString: strerror(error)))") }
    pthread_join(thread, nil)
}

private func callEverything<S: LossScalar>(_: S.Type) throws {
    // Several tiles, and one.
    for rows in [203, 23] { try callEverything(S.self, rows: rows, columns: 101) }
}

private func callEverything<S: LossScalar>(_: S.Type, rows: Int, columns: Int) throws {
    let count = rows * columns
    let x = (0..<count).map { S($0 % 23) / 4 - 3 }
    let p = (0..<count).map { S($0 % 23 + 1) / 32 }
    let t = (0..<count).map { $0 % 3 == 0 }
    let w = (0..<count).map { Double($0 % 5 + 1) }
    let bits = [UInt8](repeating: 0b0110_1001, count: (count + 7) / 8)
    let options = [
        BinaryCrossEntropy.exact, .keras,
        try BinaryCrossEntropy(focal: .init(gamma: 2)), try BinaryCrossEntropy(focal: .init(gamma: 1.7)),
        try BinaryCrossEntropy(
            reduction: .weightedMean, labelSmoothing: 0.1, positiveWeight: 2, focal: .init(alpha: 0.25)),
    ]
    for loss in options {
        try callEverything(loss, LossBatch(logits: x.span, targets: t.span, columns: columns), w, t, x)
        try callEverything(
            loss, LossBatch(probabilities: p.span, targets: t.span, columns: columns), w, t, nil)
        try callEverything(
            loss, LossBatch(logits: x.span, packedTargets: bits.span, columns: columns), w, t, x)
    }
}

private func callEverything<P>(
    _ loss: BinaryCrossEntropy, _ plain: borrowing LossBatch<P>, _ w: [Double], _ t: [Bool], _ logits: [P]?
) throws {
    try call(loss, plain, logits != nil)
    let (rows, columns) = (plain.rows, plain.columns)
    try call(loss, plain.weighted(byElement: w.span).masked(by: t.span), logits != nil)
    try call(
        loss,
        plain.weighted(byRow: w.span.extracting(0..<rows)).weighted(byColumn: w.span.extracting(0..<columns))
            .positivesWeighted(byColumn: w.span.extracting(0..<columns)), logits != nil)
}

private func call<P>(
    _ loss: BinaryCrossEntropy, _ batch: borrowing LossBatch<P>, _ isLogits: Bool
) throws {
    try accumulate(loss, batch)
    guard try loss.loss(batch).isFinite else { fail("a loss is not finite") }
    _ = try loss.report(batch)
    _ = try loss.losses(batch)
    _ = try loss.gradient(batch)
    _ = try loss.rowLosses(batch)
    _ = try loss.columnLosses(batch)
    var gradient = [P.LossResult](repeating: 0, count: batch.count)
    var (rows, columns) = (
        [Double](repeating: 0, count: batch.rows), [Double](repeating: 0, count: batch.columns)
    )
    var span = gradient.mutableSpan
    _ = try loss.loss(batch, writingGradientInto: &span)
    var rowSpan = rows.mutableSpan
    try loss.writeRowLosses(batch, into: &rowSpan, writingGradientInto: &span)
    var columnSpan = columns.mutableSpan
    try loss.writeColumnLosses(batch, into: &columnSpan, writingGradientInto: &span)
    guard isLogits else { return }
    var hessian = [P.LossResult](repeating: 0, count: batch.count)
    var hessianSpan = hessian.mutableSpan
    _ = try loss.loss(batch, writingGradientInto: &span, hessianDiagonal: &hessianSpan)
}

/// Merging is a function of its own, since a debug build has another place on the stack for each use of an accumulator.
private func accumulate<P>(_ loss: BinaryCrossEntropy, _ batch: borrowing LossBatch<P>) throws {
    var total = LossAccumulator()
    try loss.add(batch, to: &total)
    try merge(total)
}

private func merge(_ total: LossAccumulator) throws {
    var merged = total
    try merged.merge(total)
    guard merged.mean.isFinite else { fail("a loss is not finite") }
}

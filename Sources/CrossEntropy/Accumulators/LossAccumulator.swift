// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyKernels

/// Sums of losses over many batches, shards or machines. They can be read at any time.
///
/// ```swift
/// var total = LossAccumulator()
/// for batch in batches { try bce.add(ArrayBatch(logits: batch.x, targets: batch.t), to: &total) }
/// print(total.mean, total.count)
/// ```
///
/// Sums are exact until they are read, so results are bitwise identical in whatever order batches are added and
/// accumulators merged. They are also bitwise identical to those of one call over all elements if every batch except
/// the last has a multiple of `LossAccumulator.grain` elements (the number that a call adds up at a time); otherwise
/// they agree to within the accuracy of a loss. The range is wider than that of Double, so a mean is finite if its
/// losses are.
///
/// With `keepsReport`, an accumulator also provides the counts and the standard error of a `LossReport`. These have the
/// bits of one call of `BinaryCrossEntropy.report(_:)` over all elements, under the same condition on the sizes of
/// batches.
///
/// The forms returned by ``MergeableSums/serialized()`` and by an encoder are also exact, take at most 2,048 bytes, and
/// are checked when they are read. They are meant for exchange between the machines of a distributed reduction.
public struct LossAccumulator: MergeableSums {
    /// The number of elements whose losses a call adds up at a time, for Float predictions; half as many for Double.
    public static let grain = 8192

    private(set) var losses = ExactSum()
    private(set) var weights = ExactSum()
    /// The number of elements that count.
    public private(set) var count = 0
    /// Nil if no report is kept.
    private(set) var extra: ReportExtra?

    /// An accumulator to which nothing has been added.
    ///
    /// - Parameter keepsReport: whether `report(_:)` will be available. Batches are then added as
    ///   `BinaryCrossEntropy.report(_:)` adds them, which takes about five times as long as adding up the losses of
    ///   logits alone.
    public init(keepsReport: Bool = false) {
        if keepsReport { extra = ReportExtra() }
    }

    init(losses: ExactSum, weights: ExactSum, count: Int, extra: ReportExtra?) {
        (self.losses, self.weights, self.count, self.extra) = (losses, weights, count, extra)
    }

    /// Whether `report(_:)` is available.
    public var keepsReport: Bool { extra != nil }

    /// The sum of the weighted losses, in nats; infinite if it exceeds the range of Double.
    public var sum: Double { losses.value }

    /// The sum of the weights; the count if there are no weights.
    public var weightSum: Double { weights.value }

    /// The sum divided by the number of elements that count; NaN if there are none.
    public var mean: Double { losses.scaled / ScaledDouble(Double(count)) }

    /// The sum divided by the sum of the weights; infinite or NaN if that is 0.
    public var weightedMean: Double { losses.scaled / weights.scaled }

    /// The loss of all elements with counts and its standard error; nil if no report is kept.
    public func report(_ reduction: BinaryCrossEntropy.Reduction) -> LossReport? {
        var sums = SliceSums()
        (sums.loss, sums.weight, sums.count) = (losses.scaled, weights.scaled, Double(count))
        return extra?.report(sums, reduction)
    }

    /// Adds the contents of another accumulator.
    ///
    /// A report is kept if both accumulators keep one. If only one does, it is kept if the other counts no elements,
    /// and lost otherwise.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` if the combined count overflows `Int` or, with a report, exceeds
    ///   2^42; in that case nothing is added.
    public mutating func merge(_ other: LossAccumulator) throws(CrossEntropyError) {
        try add(losses: other.losses, weights: other.weights, counted: other.count, other.extra)
    }

    mutating func add(_ sums: BatchSums, _ extra: ReportExtra?) throws(CrossEntropyError) {
        try add(losses: sums.loss, weights: sums.weight, counted: Int(sums.count), extra)
    }

    private mutating func add(
        losses sum: ExactSum, weights sumOfWeights: ExactSum, counted: Int, _ added: ReportExtra?
    ) throws(CrossEntropyError) {
        let (total, overflows) = count.addingReportingOverflow(counted)
        let keepsReport = (extra != nil || count == 0) && (added != nil || counted == 0)
        guard !overflows, !keepsReport || total <= ReproducibleSum.mostTerms else {
            throw .tooManyElements(argument: "accumulator", count: count, added: counted)
        }
        let (elements, more) = (extra?.elements ?? 0, added?.elements ?? 0)
        guard !keepsReport || !elements.addingReportingOverflow(more).overflow else {
            throw .tooManyElements(argument: "accumulator", count: elements, added: more)
        }
        if !keepsReport {
            extra = nil
        } else if extra == nil {
            extra = added
        } else if let added {
            extra?.add(added)
        }
        losses.add(sum)
        weights.add(sumOfWeights)
        count = total
    }
}

extension BinaryCrossEntropy {
    /// Adds the losses of a batch to `total`. The reduction has no effect: `total` provides both the mean and the sum.
    ///
    /// - Throws: `CrossEntropyError.tooManyElements` if the count would overflow `Int` or, with a report, exceed 2^42.
    public func add<P>(
        _ batch: borrowing LossBatch<P>, to total: inout LossAccumulator
    ) throws(CrossEntropyError) {
        try add(batch.memory, to: &total)
    }

    @usableFromInline
    package func add(_ batch: BatchMemory, to total: inout LossAccumulator) throws(CrossEntropyError) {
        try evaluate(batch) { (evaluation) throws(CrossEntropyError) in
            total.keepsReport ? try evaluation.addReport(to: &total) : try evaluation.add(to: &total)
        }
    }
}

/// Functions of their own, because a thread with a stack of 64 KiB has no room for the sums of both.
extension Evaluation {
    @inline(never)
    fileprivate func add(to total: inout LossAccumulator) throws(CrossEntropyError) {
        let sums = exactSums { self.sums(of: $0, wantsWeight: true) }
        try refuse(if: sums.mayBeOutside)
        try total.add(sums, nil)
    }

    @inline(never)
    func addReport(to total: inout LossAccumulator) throws(CrossEntropyError) {
        let report = try reportSums()
        try total.add(report.sums, report.extra)
    }
}

// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels
internal import CrossEntropyVectorMath

/// One call: its options and arguments, and how they are divided into tiles for the kernels.
@safe
struct Evaluation {
    let reduction: BinaryCrossEntropy.Reduction
    let checksDomains: Bool
    var batch: BatchMemory
    let level: KernelLevel
    let schedule: Schedule
    let threads: Int
    /// The kernels read it in place. Each copy of it takes longer than a vector of losses, because the processor waits
    /// until all of its fields have been stored.
    private(set) var formula: UnsafeMutablePointer<Formula>

    fileprivate init(
        _ options: BinaryCrossEntropy, _ batch: BatchMemory, _ formula: UnsafeMutablePointer<Formula>,
        _ level: KernelLevel
    ) {
        reduction = options.reduction
        checksDomains = options.domainChecks == .checked
        self.level = level
        schedule = Schedule(count: batch.count, result: batch.result)
        threads = options.threads.threads(count: batch.count)
        unsafe self.formula = formula
        self.batch = batch
        if batch.hasRepeatedWeights { self.batch.leaveOutOnes(level) }
    }

    /// Calls `body` with the same evaluation, which has a formula of its own.
    func withOwnFormula(_ body: (Evaluation) -> Void) {
        var own = unsafe formula.pointee
        unsafe withUnsafeMutablePointer(to: &own) { own in
            var copy = self
            unsafe copy.formula = own
            body(copy)
        }
    }

    /// The elements of a range that is contiguous in memory.
    @inline(always)
    func slice(_ range: Range<Int>) -> BatchSlice {
        var slice = batch.slice(range)
        slice.leaveOutOnes(ofElements: level)
        return slice
    }

    /// Calls `body` with the elements of a range, either all at once or, if there are gaps between rows, row by row.
    func forEachSlice(_ range: Range<Int>, _ body: (BatchSlice) -> Void) {
        guard batch.hasGaps else { return body(slice(range)) }
        var start = range.lowerBound
        while start < range.upperBound {
            let endOfRow = (start / batch.columns + 1) * batch.columns
            let part = start..<min(range.upperBound, endOfRow)
            body(slice(part))
            start = part.upperBound
        }
    }

    /// The total of the sums that `body` returns for the slices of a range.
    func sumSlices(_ range: Range<Int>, _ body: (BatchSlice) -> SliceSums) -> SliceSums {
        guard batch.hasGaps else { return body(slice(range)) }
        // One column of a matrix with gaps has a slice for each row, of which there may be thousands.
        var (loss, weight) = (CompensatedSum(), CompensatedSum())
        var sums = SliceSums()
        forEachSlice(range) { slice in
            let part = body(slice)
            loss.add(part.loss)
            weight.add(part.weight)
            sums.count += part.count
            sums.mayBeOutside = sums.mayBeOutside || part.mayBeOutside
        }
        (sums.loss, sums.weight) = (loss.value, weight.value)
        return sums
    }

    /// The exact total of the sums that `body` returns for the slices of all elements.
    func exactSums(_ body: (BatchSlice) -> SliceSums) -> BatchSums {
        schedule.sum(threads: threads) { sumSlices($0, body) }
    }

    /// The same, rounded. A single tile needs no exact sum, which takes longer than a call on a few elements.
    func sums(_ body: (BatchSlice) -> SliceSums) -> SliceSums {
        schedule.tiles == 1 ? sumSlices(schedule.range(0), body) : exactSums(body).rounded
    }

    /// Sums of losses, counts and, if requested, weights, in one pass.
    func sums(of slice: BatchSlice, wantsWeight: Bool) -> SliceSums {
        unsafe slice.sums(formula, level, wantsWeight: wantsWeight)
    }

    /// Sums of counts and weights only.
    func totals(of slice: BatchSlice) -> SliceSums {
        var sums = SliceSums()
        unsafe (sums.count, sums.weight) = slice.totals(formula, level)
        return sums
    }

    func reduced() throws(CrossEntropyError) -> Double {
        let total = sums { sums(of: $0, wantsWeight: dividesByWeight) }
        try refuse(if: total.mayBeOutside)
        return total.reduced(reduction)
    }

    var dividesByWeight: Bool { reduction == .weightedMean }

    /// The divisor of the derivatives, which is needed before they are computed.
    var divisor: ScaledDouble {
        if let divisor = commonDivisor(ofElements: batch.count) { return divisor }
        return sums { totals(of: $0) }.divisor(reduction)
    }

    /// The divisor for any `count` elements, if it does not depend on which elements they are.
    func commonDivisor(ofElements count: Int) -> ScaledDouble? {
        switch reduction {
        case .sum: ScaledDouble(1)
        case .mean: countsAll ? ScaledDouble(Double(count)) : nil
        case .weightedMean: weighsOne ? ScaledDouble(Double(count)) : nil
        }
    }

    var countsAll: Bool { unsafe batch.mask == nil && !formula.pointee.hasMissing }

    private var weighsOne: Bool { countsAll && !hasWeights }

    /// Whether elements may have a weight other than 1.
    var hasWeights: Bool {
        batch.weights != nil || batch.rowWeights != nil || batch.columnWeights != nil || batch.weight != 1
    }
}

extension Column {
    /// Nil if all elements are 1. Such a column has no effect, and without it other kernels give bitwise identical results
    /// faster. Usually the first element is enough to tell.
    func unlessOnes(_ count: Int, _ level: KernelLevel) -> Column? {
        guard count > 0 else { return nil }
        return number(0) != 1 || hasNumberOutside(1...1, count: count, level) ? self : nil
    }
}

extension BatchMemory {
    /// Whether there are weights of rows or columns.
    fileprivate var hasRepeatedWeights: Bool {
        rowWeights != nil || columnWeights != nil || positiveColumnWeights != nil
    }

    /// Removes weights that are 1 for every row or column. Inlined, it would add a copy of the batch to each call.
    @inline(never)
    fileprivate mutating func leaveOutOnes(_ level: KernelLevel) {
        rowWeights = rowWeights?.unlessOnes(rows, level)
        columnWeights = columnWeights?.unlessOnes(columns, level)
        positiveColumnWeights = positiveColumnWeights?.unlessOnes(columns, level)
    }
}

extension BatchSlice {
    /// Removes weights that are 1 for every element, and a mask that lets all of them through.
    @inline(always)
    mutating func leaveOutOnes(ofElements level: KernelLevel) {
        weights = weights?.unlessOnes(count, level)
        positiveWeights = positiveWeights?.unlessOnes(count, level)
        if let given = mask, given.letsAllThrough(count, level) { mask = nil }
    }
}

extension BinaryCrossEntropy {
    /// Calls `body` with an evaluation of a batch.
    func evaluate<Result>(
        _ batch: BatchMemory, _ body: (Evaluation) throws(CrossEntropyError) -> Result
    ) throws(CrossEntropyError) -> Result {
        let level = try kernelLevel
        var formula = Formula()
        set(&formula, batch.domain, batch.result, targets: batch.targetType, weight: batch.weight)
        return try unsafe withUnsafeMutablePointer(to: &formula) { (formula) throws(CrossEntropyError) in
            try unsafe body(Evaluation(self, batch, formula, level))
        }
    }

    /// The best level, or the one that `CROSS_ENTROPY_ISA` names.
    package var kernelLevel: KernelLevel {
        get throws(CrossEntropyError) {
            if let level { return level }
            let requested = KernelLevel.requested
            guard let level = requested.level else {
                let available = KernelLevel.available.map(\.rawValue)
                throw .unavailableInstructionSet(
                    requested: requested.text, available: available.joined(separator: ", "))
            }
            return level
        }
    }
}

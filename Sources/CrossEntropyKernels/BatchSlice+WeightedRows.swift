// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

extension BatchSlice {
    /// The sums with no weights except those of rows, from the plain sums of the rows: one logarithm per row instead of one
    /// per element. Nil if another kernel has to compute them: rows are short, a plain sum is not known, or the sum is not
    /// a number or too small.
    func sumsOfWeightedRows(
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) -> SliceSums? {
        guard let rowWeights, hasNoWeightsExceptOfRows, mask == nil, formula.pointee.isPlain, isOfOneType,
            columns >= Tuning.weightedRowColumns, !isOfSoftRows(formula)
        else { return nil }
        var bare = self
        bare.rowWeights = nil
        var rows = WeightedRows(slice: bare, weights: rowWeights, formula: formula, level: level)
        return rows.add() ? rows.sums : nil
    }

    /// Whether the kernel for short rows of probabilities would fail: it supports only 0/1 targets, and the first one is soft.
    private func isOfSoftRows(_ formula: UnsafePointer<Formula>) -> Bool {
        guard formula.pointee.isProbability, columns <= Tuning.rowColumns else { return false }
        let first =
            targets.dtype == .double
            ? targets.base.load(as: Double.self) : Double(targets.base.load(as: Float.self))
        return first != 0 && first != 1
    }

    private var hasNoWeightsExceptOfRows: Bool {
        weights == nil && positiveWeights == nil && columnWeights == nil && positiveColumnWeights == nil
    }
}

/// Adds up the plain sums of the rows of a slice, times their weights.
private struct WeightedRows {
    /// Without weights.
    let slice: BatchSlice
    let weights: Column
    let formula: UnsafePointer<Formula>
    let level: KernelLevel
    /// The sums of the weighted losses, and of the weights of the elements. There are eight of each, so that few numbers are
    /// added in sequence.
    private var losses = SIMD8<Double>.zero
    private var elements = SIMD8<Double>.zero
    private var mayBeOutside = false

    private static let rowsAtATime = 64

    init(
        slice: BatchSlice, weights: Column, formula: UnsafePointer<Formula>, level: KernelLevel
    ) {
        (self.slice, self.weights, self.formula, self.level) = (slice, weights, formula, level)
    }

    var sums: SliceSums? {
        SliceSums(
            losses.sum(), count: Double(slice.count), weight: elements.sum(), .double,
            mayBeOutside: mayBeOutside)
    }

    /// Adds all elements: the rest of a row, whole rows, and the start of a row. Returns false if a sum is not known.
    mutating func add() -> Bool {
        let columns = slice.columns
        let start = min(slice.count, (columns - slice.first % columns) % columns)
        let end = slice.count - (slice.count - start) % columns
        guard addPart(0..<start) else { return false }
        var index = start
        while index < end {
            let rows = min(Self.rowsAtATime, (end - index) / columns)
            guard addRows(index, rows) else { return false }
            index += rows * columns
        }
        return addPart(end..<slice.count)
    }

    /// Adds some elements of one row.
    private mutating func addPart(_ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return true }
        guard let sums = slice.part(range).plainSums(formula, level) else { return false }
        var weight = 0.0
        copy(weights.from((slice.first + range.lowerBound) / slice.columns), to: &weight, .double, 1, level)
        losses[0] += weight * sums.loss.value
        elements[0] += weight * Double(range.count)
        mayBeOutside = mayBeOutside || sums.mayBeOutside
        return true
    }

    /// Adds whole rows, of which the first starts at element `start`.
    private mutating func addRows(_ start: Int, _ rows: Int) -> Bool {
        var sums = InlineArray<64, Double>(repeating: 0)
        var factors = InlineArray<64, Double>(repeating: 0)
        return withUnsafeMutableBytes(of: &sums) { sums in
            withUnsafeMutableBytes(of: &factors) { factors in
                let sums = sums.baseAddress!.assumingMemoryBound(to: Double.self)
                let given = weights.from((slice.first + start) / slice.columns)
                copy(given, to: factors.baseAddress!, .double, rows, level)
                return addRows(start, rows, sums, factors.baseAddress!.assumingMemoryBound(to: Double.self))
            }
        }
    }

    private mutating func addRows(
        _ start: Int, _ rows: Int, _ sums: UnsafeMutablePointer<Double>, _ factors: UnsafePointer<Double>
    ) -> Bool {
        let columns = slice.columns
        let first = slice.part(start..<start + columns)
        guard
            let isOutside = first.sumRows(
                rows, predictionStride: columns, targetStride: columns, into: sums, formula, level)
        else {
            // Long rows.
            return (0..<rows).allSatisfy { addPart(start + $0 * columns..<start + ($0 + 1) * columns) }
        }
        mayBeOutside = mayBeOutside || isOutside
        for row in stride(from: 0, to: rows, by: 8) {
            let factors = UnsafeRawPointer(factors + row).loadUnaligned(as: SIMD8<Double>.self)
            losses += factors * UnsafeRawPointer(sums + row).loadUnaligned(as: SIMD8<Double>.self)
            elements += factors * Double(columns)
        }
        return losses.sum().isFinite
    }
}

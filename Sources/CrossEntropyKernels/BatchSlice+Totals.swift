// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

extension BatchSlice {
    /// The number of elements that count and the sum of their weights, without the losses.
    package func totals(
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) -> (count: Double, weight: ScaledDouble) {
        let totals = rawTotals(formula, level)
        guard totals.weight.magnitude == .infinity else { return (totals.count, ScaledDouble(totals.weight)) }
        var lighter = formula.pointee
        lighter.weigh(timesTwoTo: -128)
        let scaled = rawTotals(&lighter, level)
        return (totals.count, ScaledDouble(scaled.weight, timesTwoTo: 128))
    }

    /// Writes the weight of each element, which is 0 if the element does not count. The weight of the formula is not a factor.
    package func writeWeights(
        to weights: UnsafeMutablePointer<Double>, _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) {
        _ = rawTotals(formula, level, writing: weights)
    }

    private func rawTotals(
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel,
        writing written: UnsafeMutablePointer<Double>? = nil
    ) -> (count: Double, weight: Double) {
        var evaluation = TotalsEvaluation(self, formula, level, writing: written)
        if evaluation.isInPlace {
            return evaluation.slice.operandsInPlace(formula, level).totals(writing: written)
        }
        withUnsafeMutablePointer(to: &evaluation) {
            vk_with_room($0) { context, room in
                context.assumingMemoryBound(to: TotalsEvaluation.self).pointee.run(in: Room(room))
            }
        }
        return evaluation.totals
    }
}

/// Counts and weights of a slice, block by block.
struct TotalsEvaluation {
    /// What is read: neither predictions nor positive weights and, unless some may be missing, no targets.
    let slice: BatchSlice
    let formula: UnsafePointer<Formula>
    let level: KernelLevel
    /// The type of the lanes. Products of weights, and targets that may be missing, are not rounded to Float. Weights are
    /// written as Doubles.
    let type: DType
    let written: UnsafeMutablePointer<Double>?
    var totals = (count: 0.0, weight: 0.0)

    init(
        _ given: BatchSlice, _ formula: UnsafePointer<Formula>, _ level: KernelLevel,
        writing written: UnsafeMutablePointer<Double>? = nil
    ) {
        let readsTargets = formula.pointee.hasMissing
        let comparesDoubles = readsTargets && given.needsDoubleTargets(formula)
        let type: DType =
            written != nil || given.hasSeveralWeights || given.hasDoubleWeights || comparesDoubles
            ? .double : .float
        var slice = given
        slice.predictions = Column(slice.predictions.base, type)
        if !readsTargets { slice.targets = slice.predictions }
        slice.positiveWeights = nil
        slice.positiveColumnWeights = nil
        (self.slice, self.formula, self.level, self.type) = (slice, formula, level, type)
        self.written = written
    }

    var isInPlace: Bool { slice.isInPlace(type) }

    mutating func run(in room: Room) {
        let size = isInPlace ? max(1, slice.count) : Room.elements(type)
        for start in stride(from: 0, to: slice.count, by: size) {
            let part = slice.part(start..<min(slice.count, start + size))
            let (count, weight) = part.operands(formula, level, type, in: room)
                .totals(writing: written.map { $0 + start })
            totals.count += count
            totals.weight += weight
        }
    }
}

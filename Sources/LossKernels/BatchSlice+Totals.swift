// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

extension BatchSlice {
    /// The number of elements that count, and the sum of their weights, without their losses.
    package func totals(_ formula: Formula, _ level: KernelLevel) -> (count: Double, weight: ScaledDouble) {
        let totals = rawTotals(formula, level)
        guard totals.weight.magnitude == .infinity else { return (totals.count, ScaledDouble(totals.weight)) }
        let scaled = rawTotals(formula.weighing(timesTwoTo: -128), level)
        return (totals.count, ScaledDouble(scaled.weight, timesTwoTo: 128))
    }

    private func rawTotals(_ formula: Formula, _ level: KernelLevel) -> (count: Double, weight: Double) {
        var evaluation = TotalsEvaluation(slice: self, formula: formula, level: level)
        withUnsafeMutablePointer(to: &evaluation) {
            vk_with_room($0) { context, room in
                context.assumingMemoryBound(to: TotalsEvaluation.self).pointee.run(in: Room(room))
            }
        }
        return evaluation.totals
    }
}

private struct TotalsEvaluation {
    let slice: BatchSlice
    let formula: Formula
    let level: KernelLevel
    var totals = (count: 0.0, weight: 0.0)

    mutating func run(in room: Room) {
        let size = Room.elements(.double)
        for start in stride(from: 0, to: slice.count, by: size) {
            let part = slice.part(start..<min(slice.count, start + size))
            let (count, weight) = withUnsafePointer(to: formula) { formula in
                // In Double, so that products of weights are not rounded.
                var a = part.operands(formula, level, .double, in: room).elements(wantsWeight: true)
                a.addWeights(level)
                return (a.counted, a.weight)
            }
            totals.count += count
            totals.weight += weight
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels
internal import CrossEntropyVectorMath

extension BatchSlice {
    /// The sums of the losses of `rows` short rows, of which this slice is the first. The sum of a row is NaN if `sums`
    /// must compute it. Returns nil if `sums` must compute all of them, else whether an element may be outside its
    /// domain.
    ///
    /// - Parameters:
    ///   - predictionStride: elements from the start of a row to the start of the next.
    ///   - sums: receives `rows` numbers.
    package func sumRows(
        _ rows: Int, predictionStride: Int, targetStride: Int, into sums: UnsafeMutablePointer<Double>,
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel
    ) -> Bool? {
        let type: DType = needsDouble(formula) ? .double : .float
        let isInPlace = predictions.dtype == type && targets.dtype == type
        guard isBare, formula.pointee.isPlain, count > 0,
            count <= (isInPlace ? Tuning.rowColumns : Room.elements(type))
        else { return nil }
        var evaluation = RowEvaluation(
            slice: self, formula: formula, level: level, type: type, isInPlace: isInPlace, rows: rows,
            predictionStride: predictionStride, targetStride: targetStride, sums: sums)
        withUnsafeMutablePointer(to: &evaluation) {
            vk_with_room($0) { context, room in
                context.assumingMemoryBound(to: RowEvaluation.self).pointee.run(in: Room(room))
            }
        }
        return evaluation.mayBeOutside
    }
}

private struct RowEvaluation {
    let slice: BatchSlice
    let formula: UnsafePointer<Formula>
    let level: KernelLevel
    let type: DType
    let isInPlace: Bool
    let rows, predictionStride, targetStride: Int
    let sums: UnsafeMutablePointer<Double>
    private(set) var mayBeOutside = false

    mutating func run(in room: Room) {
        guard !isInPlace else {
            return sum(
                rows, slice.predictions.base, predictionStride, slice.targets.base, targetStride, sums, room)
        }
        let columns = slice.count
        let hasGaps = predictionStride != columns || targetStride != columns
        let rowsInRoom = hasGaps ? 1 : max(1, Room.elements(type) / columns)
        for row in stride(from: 0, to: rows, by: rowsInRoom) {
            let part = min(rowsInRoom, rows - row)
            let predictions = slice.predictions.from(row * predictionStride)
            let targets = slice.targets.from(row * targetStride)
            sum(
                part, predictions.converted(to: type, part * columns, room.predictions, level), columns,
                targets.converted(to: type, part * columns, room.targets, level), columns, sums + row, room)
        }
    }

    private mutating func sum(
        _ rows: Int, _ predictions: UnsafeRawPointer, _ predictionStride: Int, _ targets: UnsafeRawPointer,
        _ targetStride: Int, _ sums: UnsafeMutablePointer<Double>, _ room: Room
    ) {
        var a = vk_sum_rows_args(
            bounds: formula.pointee.isBounded ? formula : nil, predictions: predictions, targets: targets,
            rows: rows, columns: slice.count, prediction_stride: predictionStride,
            target_stride: targetStride, sums: sums, scratch: room.rowScratch, is_double: type == .double,
            may_be_outside: false)
        formula.pointee.isProbability ? a.sumProbabilityRows(level) : a.sumLogitRows(level)
        mayBeOutside = mayBeOutside || a.may_be_outside
    }
}

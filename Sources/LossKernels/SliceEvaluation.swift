// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// The sums of a slice, and what is written of it, block by block.
struct SliceEvaluation {
    let slice: BatchSlice
    let formula: Formula
    let level: KernelLevel
    let route: Route
    /// Of the lanes.
    let type: DType
    let outputs: Outputs
    let wish: Wish
    private(set) var sums = SliceSums()
    private(set) var moments = Moments()

    init(
        _ slice: BatchSlice, _ formula: Formula, _ level: KernelLevel, _ route: Route, _ outputs: Outputs,
        _ wish: Wish, isDouble: Bool = false
    ) {
        self.slice = slice
        self.formula = formula
        self.level = level
        self.route = route
        self.outputs = outputs
        self.wish = wish
        type = isDouble || slice.needsDouble || route == .exact ? .double : .float
    }

    /// Runs it in a room of the stack.
    mutating func run() {
        withUnsafeMutablePointer(to: &self) {
            vk_with_room($0) { context, room in
                context.assumingMemoryBound(to: SliceEvaluation.self).pointee.run(in: Room(room))
            }
        }
    }

    private mutating func run(in room: Room) {
        let size = blockSize
        var hasColumnWeights = false
        for start in stride(from: 0, to: slice.count, by: size) {
            let part = slice.part(start..<min(slice.count, start + size))
            let (level, type, wish, route) = (level, type, wish, route)
            let places = outputs.from(start, slice.result)
            let isStaged = hasColumnWeights
            let (sums, moments, isIntact) = withUnsafePointer(to: formula) { formula in
                var block = BlockEvaluation(
                    part, formula, level, type, places, wish, in: room, hasColumnWeights: isStaged)
                return (block.run(route), block.moments, block.hasColumnWeights)
            }
            self.sums += sums
            self.moments += moments
            hasColumnWeights = isIntact && repeatsColumns
        }
    }

    /// All elements where nothing needs the room; else what that holds, in whole rows if several fit.
    private var blockSize: Int {
        let writesElsewhere = !outputs.isEmpty && type != slice.result
        if slice.isInPlace(type), !writesElsewhere, !wish.moments, !outputs.areOver(slice) {
            return max(1, slice.count)
        }
        let size = Room.elements(slice.hasDoubleWeights ? .double : type)
        return repeatsColumns ? size / slice.columns * slice.columns : size
    }

    /// Whether all blocks begin in the same column, so that its weights are staged once.
    private var repeatsColumns: Bool {
        (slice.columnWeights != nil || slice.positiveColumnWeights != nil)
            && slice.columns <= Room.elements(slice.hasDoubleWeights ? .double : type)
    }
}

extension Moments {
    static func += (a: inout Moments, b: Moments) {
        a.squaredLoss += b.squaredLoss
        a.weightByLoss += b.weightByLoss
        a.squaredWeight += b.squaredWeight
        a.clipped += b.clipped
        a.saturated += b.saturated
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// Computes the sums of a slice, and writes its outputs, block by block.
struct SliceEvaluation {
    let slice: BatchSlice
    let formula: UnsafePointer<Formula>
    let level: KernelLevel
    let route: Route
    /// The type of the lanes.
    let type: DType
    let outputs: Outputs
    let wish: Wish
    private(set) var sums = SliceSums()
    private(set) var moments = Moments()

    @inline(always)
    init(
        _ slice: BatchSlice, _ formula: UnsafePointer<Formula>, _ level: KernelLevel, _ route: Route,
        _ outputs: Outputs, _ wish: Wish
    ) {
        self.slice = slice
        self.formula = formula
        self.level = level
        self.route = route
        self.outputs = outputs
        self.wish = wish
        type = slice.lanes(of: route, formula)
    }

    /// Runs the evaluation in a room on the stack.
    mutating func run() {
        withUnsafeMutablePointer(to: &self) {
            vk_with_room($0) { context, room in
                context.assumingMemoryBound(to: SliceEvaluation.self).pointee.run(in: Room(room))
            }
        }
    }

    private mutating func run(in room: Room) {
        let period = needsRoom ? nil : slice.period(type)
        let size = blockSize(hasPeriod: period != nil)
        for start in stride(from: 0, to: slice.count, by: size) {
            let part = slice.part(start..<min(slice.count, start + size))
            let places = outputs.from(start, slice.result)
            var block = BlockEvaluation(part, formula, level, type, places, wish, in: room, period: period)
            sums += block.run(route)
            moments += block.moments
        }
    }

    /// Whether anything except weights is staged even if all arguments are in place.
    private var needsRoom: Bool {
        !outputs.isEmpty && type != slice.result || wish.moments || outputs.areOver(slice)
    }

    /// The number of elements in a block: all of them if nothing is staged, or only one period of the weights of columns.
    @inline(always)
    private func blockSize(hasPeriod: Bool) -> Int {
        if hasPeriod || !needsRoom && slice.isInPlace(type) { return max(1, slice.count) }
        let needsOneArray =
            wish.moments ? slice.isInPlace(type) : !needsRoom && slice.stagesOnlyRowWeights(type)
        return needsOneArray
            ? Room.elementsOfLong(type) : Room.elements(slice.hasDoubleWeights ? .double : type)
    }
}

extension Moments {
    static func += (a: inout Moments, b: Moments) {
        a.loss += b.loss
        a.squaredLoss += b.squaredLoss
        a.weightByLoss += b.weightByLoss
        a.squaredWeight += b.squaredWeight
        a.clipped += b.clipped
        a.saturated += b.saturated
    }
}

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
    var outputs = Outputs()
    /// Whether sums for a report are wanted.
    var withMoments = false
    private(set) var sums = SliceSums()
    private(set) var moments = Moments()

    init(
        _ slice: BatchSlice, _ formula: Formula, _ level: KernelLevel, _ route: Route, _ outputs: Outputs,
        isDouble: Bool = false, withMoments: Bool = false
    ) {
        self.slice = slice
        self.formula = formula
        self.level = level
        self.route = route
        self.outputs = outputs
        self.withMoments = withMoments
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
        let size = Room.elements(slice.hasDoubleWeights ? .double : type)
        for start in stride(from: 0, to: slice.count, by: size) {
            let part = slice.part(start..<min(slice.count, start + size))
            let (level, type, withMoments, route) = (level, type, withMoments, route)
            let places = outputs.from(start, slice.result)
            let (sums, moments) = withUnsafePointer(to: formula) { formula in
                var block = BlockEvaluation(
                    part, formula, level, type, places, withMoments: withMoments, in: room)
                return (block.run(route), block.moments)
            }
            self.sums += sums
            self.moments += moments
        }
    }
}

extension Moments {
    /// Adds what `SliceSums` has not.
    static func += (a: inout Moments, b: Moments) {
        a.squaredLoss += b.squaredLoss
        a.weightByLoss += b.weightByLoss
        a.squaredWeight += b.squaredWeight
        a.clipped += b.clipped
        a.saturated += b.saturated
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// One block of a slice: it is staged and passed to the kernel of a route and, if that kernel cannot compute it, to the
/// next. It is not copied, because a thread with a stack of 64 KiB has no room for copies.
struct BlockEvaluation: ~Copyable {
    let slice: BatchSlice
    let operands: Operands
    let outputs: Outputs
    let wish: Wish
    let room: Room
    var moments = Moments()

    var formula: UnsafePointer<Formula> { operands.formula }
    var level: KernelLevel { operands.level }
    /// The type of the lanes.
    var type: DType { operands.type }

    init(
        _ slice: BatchSlice, _ formula: UnsafePointer<Formula>, _ level: KernelLevel, _ type: DType,
        _ outputs: Outputs, _ wish: Wish, in room: Room, period: Int? = nil
    ) {
        var slice = slice
        if outputs.areOver(slice) {
            // Another kernel may need the predictions again.
            room.overwritten.copyMemory(
                from: slice.predictions.base, byteCount: slice.predictions.dtype.bytes(slice.count))
            slice.predictions = Column(room.overwritten, slice.predictions.dtype)
        }
        self.slice = slice
        self.outputs = outputs
        self.wish = wish
        self.room = room
        operands = slice.operands(formula, level, type, in: room, period: period)
    }

    /// Returns the sums and writes the requested outputs.
    mutating func run(_ route: Route) -> SliceSums {
        let places = places
        var route = route
        if route == .plain, wish.moments {
            if let sums = addPlainMoments(places) { return sums }
            route = .weighted
        }
        guard var sums = operands.answer(from: route, places, wish) else { return exact() }
        deliver(places)
        if wish.moments { moments += sumsForReport(operands.elements(places)) }
        if wish.weight, operands.hasRoundedWeights { sums.weight = ScaledDouble(sumOfWeights()) }
        return sums
    }

    /// The sum of the original weights, for when a kernel was given rounded ones. Overwrites the room.
    @inline(never)
    private func sumOfWeights() -> Double {
        var evaluation = TotalsEvaluation(slice, formula, level)
        evaluation.run(in: room)
        return evaluation.totals.weight
    }

    /// The sums of plain losses for a report. The losses are written as unreduced losses are, and added to each other
    /// in the pass that adds their squares. Nil if their sum has to be computed by another kernel.
    private mutating func addPlainMoments(_ places: Outputs) -> SliceSums? {
        let mayBeOutside = operands.writePlainLosses(places.losses!).mayBeOutside
        let added = sumsForReport(operands.elements(places))
        let sums = SliceSums(added.loss, ofAll: slice.count, type, mayBeOutside: mayBeOutside)
        if sums != nil { moments += added }
        return sums
    }

    /// The sums for a report over the losses in the room.
    func sumsForReport(_ elements: vk_elements_args) -> Moments {
        withUnsafePointer(to: elements) { elements in
            var a = vk_add_moments_args(elements: elements, moments: Moments())
            a.run(level)
            return a.moments
        }
    }

    @inline(always)
    private var isLong: Bool { slice.count > Room.elements(type) }

    /// Where kernels write the requested outputs: directly to the destination if it has the lanes' type, else to the
    /// room.
    @inline(always)
    var places: Outputs {
        if wish.moments { return Outputs(losses: isLong ? room.long : room.results) }
        guard type != slice.result else { return outputs }
        return Outputs(
            losses: outputs.losses.map { _ in room.results },
            gradient: outputs.gradient.map { _ in room.results },
            hessian: outputs.hessian.map { _ in room.hessian })
    }

    /// Copies what was written in the room to its destination.
    @inline(always)
    func deliver(_ places: Outputs) {
        guard type != slice.result else { return }
        func deliver(_ from: UnsafeMutableRawPointer?, _ to: UnsafeMutableRawPointer?) {
            guard let from, let to else { return }
            copy(Column(from, type), to: to, slice.result, slice.count, level)
        }
        deliver(places.losses, outputs.losses)
        deliver(places.gradient, outputs.gradient)
        deliver(places.hessian, outputs.hessian)
    }
}

/// What an evaluation computes in addition to the sum of the losses and the outputs.
struct Wish {
    /// Sums for a report.
    var moments = false
    /// The sum of the weights.
    var weight = false
}

extension Outputs {
    /// Whether a gradient is written over the predictions.
    func areOver(_ slice: BatchSlice) -> Bool {
        gradient != nil && gradient.map { UnsafeRawPointer($0) } == slice.predictions.base
    }
}

extension SliceSums {
    /// The sums over elements that all count and have weight 1.
    init?(_ loss: Double, ofAll count: Int, _ type: DType, mayBeOutside: Bool) {
        self.init(loss, count: Double(count), weight: Double(count), type, mayBeOutside: mayBeOutside)
    }

    /// The sums with a loss that a kernel computed, or nil if the loss is not a number, or too large or too small for
    /// the lanes.
    init?(_ loss: Double, count: Double, weight: Double, _ type: DType, mayBeOutside: Bool) {
        // A tile has up to 2^13 Float products below 2^-126, each wrong by up to 2^-150: 2^-37 of a sum of 2^-100.
        let least = type == .double ? 0x1p-900 : 0x1p-100
        guard loss.isFinite, weight.isFinite, loss.magnitude >= least || count == 0 else { return nil }
        self.init()
        self.loss = ScaledDouble(loss)
        self.count = count
        self.weight = ScaledDouble(weight)
        self.mayBeOutside = mayBeOutside
    }
}

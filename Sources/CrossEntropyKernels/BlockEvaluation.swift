// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// One block of a slice: staged, and given to the kernel of a route; where that has no answer, to the next. It is not copied,
/// because a thread with a stack of 64 KiB has no room for copies.
struct BlockEvaluation: ~Copyable {
    let slice: BatchSlice
    let operands: Operands
    let outputs: Outputs
    let wish: Wish
    let room: Room
    var moments = Moments()

    var formula: UnsafePointer<Formula> { operands.formula }
    var level: KernelLevel { operands.level }
    /// Of the lanes.
    var type: DType { operands.type }

    init(
        _ slice: BatchSlice, _ formula: UnsafePointer<Formula>, _ level: KernelLevel, _ type: DType,
        _ outputs: Outputs, _ wish: Wish, in room: Room, period: Int? = nil
    ) {
        var slice = slice
        if outputs.areOver(slice) {
            // Another kernel may need the predictions once more.
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

    /// Returns the sums; writes what is asked for.
    mutating func run(_ route: Route) -> SliceSums {
        let places = places
        guard var sums = operands.answer(from: route, places, wish) else { return exact() }
        deliver(places)
        if wish.moments { addMoments(operands.elements(places)) }
        if wish.weight, operands.hasRoundedWeights { sums.weight = ScaledDouble(sumOfWeights()) }
        return sums
    }

    /// From the weights themselves, where a kernel has seen rounded ones. Takes the room.
    @inline(never)
    private func sumOfWeights() -> Double {
        var evaluation = TotalsEvaluation(slice: slice, formula: formula.pointee, level: level)
        evaluation.run(in: room)
        return evaluation.totals.weight
    }

    /// Adds what the losses in the room come to.
    mutating func addMoments(_ elements: vk_elements_args) {
        let level = level
        moments += withUnsafePointer(to: elements) { elements in
            var a = vk_add_moments_args(elements: elements, moments: Moments())
            a.run(level)
            return a.moments
        }
    }

    /// Where kernels write what is asked for: its place, if that has the lanes' type, else the room.
    var places: Outputs {
        if wish.moments { return Outputs(losses: room.results) }
        guard type != slice.result else { return outputs }
        return Outputs(
            losses: outputs.losses.map { _ in room.results },
            gradient: outputs.gradient.map { _ in room.results },
            hessian: outputs.hessian.map { _ in room.hessian })
    }

    /// Brings what was written in the room to its place.
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

/// What is asked of an evaluation beside the sum of the losses and what is written.
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
    /// The same of elements that all count and weigh 1.
    init?(_ loss: Double, ofAll count: Int, _ type: DType, isOutside: Bool) {
        self.init(loss, count: Double(count), weight: Double(count), type, isOutside: isOutside)
    }

    /// What a kernel found of elements, or nil.
    init?(_ a: vk_elements_args, _ type: DType) {
        self.init(a.sum, count: a.counted, weight: a.weight, type, isOutside: a.is_outside)
    }

    /// The sums by a loss that a kernel found, or nil where that is no number, or too large or too small for the lanes.
    init?(_ loss: Double, count: Double, weight: Double, _ type: DType, isOutside: Bool) {
        // Of Float products below 2^-126, 2^13 in a tile, each is wrong by up to 2^-150: 2^-37 of a sum of 2^-100.
        let least = type == .double ? 0x1p-900 : 0x1p-100
        guard loss.isFinite, weight.isFinite, loss.magnitude >= least || count == 0 else { return nil }
        self.init()
        self.loss = ScaledDouble(loss)
        self.count = count
        self.weight = ScaledDouble(weight)
        self.isOutside = isOutside
    }
}

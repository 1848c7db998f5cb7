// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// One block of a slice: staged, and given to the kernel of a route; where that has no answer, to the next. Not copied: a
/// thread with a stack of 64 KiB has other uses for it.
struct BlockEvaluation: ~Copyable {
    let slice: BatchSlice
    let operands: Operands
    let outputs: Outputs
    let withMoments: Bool
    let room: Room
    var moments = Moments()

    var formula: UnsafePointer<Formula> { operands.formula }
    var level: KernelLevel { operands.level }
    /// Of the lanes.
    var type: DType { operands.type }

    init(
        _ slice: BatchSlice, _ formula: UnsafePointer<Formula>, _ level: KernelLevel, _ type: DType, _ outputs: Outputs,
        withMoments: Bool, in room: Room
    ) {
        var slice = slice
        if let gradient = outputs.gradient, UnsafeRawPointer(gradient) == slice.predictions.base {
            // Written over the predictions, which another kernel may need once more.
            room.overwritten.copyMemory(
                from: slice.predictions.base, byteCount: slice.predictions.dtype.bytes(slice.count))
            slice.predictions = Column(room.overwritten, slice.predictions.dtype)
        }
        self.slice = slice
        self.outputs = outputs
        self.withMoments = withMoments
        self.room = room
        operands = slice.operands(formula, level, type, in: room)
    }

    /// Returns the sums; writes what is asked for.
    mutating func run(_ route: Route) -> SliceSums {
        let sums: SliceSums?
        switch route {
        case .plain where !outputs.isEmpty || withMoments: sums = plainWritten()
        case .plain: sums = formula.pointee.isProbability ? operands.likelihoodProduct() : operands.logitProduct()
        case .counted: sums = countedProduct()
        case .smoothed, .labeled: sums = operands.optionProduct(route)
        case .soft: sums = operands.softProduct()
        case .focal: sums = focal()
        case .weighted, .exact: sums = nil
        }
        if let sums { return sums }
        if route == .weighted, let sums = weighted() { return sums }
        if route != .weighted, route != .exact, !formula.pointee.isFocal {
            // Staged anew: what a kernel wrote into the room may have taken the place of an argument.
            var fresh = BlockEvaluation(
                slice, formula, level, type, outputs, withMoments: withMoments, in: room)
            if let sums = fresh.weighted() {
                moments = fresh.moments
                return sums
            }
        }
        return exact()
    }

    /// Where kernels write what is asked for: its place, if that has the lanes' type, else the room.
    var places: Outputs {
        if withMoments { return Outputs(losses: room.results) }
        guard type != slice.result else { return outputs }
        return Outputs(
            losses: outputs.losses.map { _ in room.results },
            gradient: outputs.gradient.map { _ in room.results },
            hessian: outputs.hessian.map { _ in room.targets })
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

    /// See `Staging.stage`.
    func stage(
        _ wish: Wish, isExact: Bool = false, neutral: Double? = nil
    ) -> (count: Double, weight: Double) {
        Staging(slice: slice, operands: operands, room: room)
            .stage(wish, isExact: isExact, neutral: neutral ?? (formula.pointee.isProbability ? 0.5 : 0))
    }

    /// From probabilities; what does not count is a probability of 0 with the target 0: a factor of 1.
    private func countedProduct() -> SliceSums? {
        let totals = stage(Wish(predictions: true, targets: true), neutral: 0)
        guard var sums = stagedOperands.hardProduct() else { return nil }
        sums.loss = sums.loss * ScaledDouble(formula.pointee.weight)
        (sums.count, sums.weight) = (totals.count, ScaledDouble(totals.weight))
        return sums
    }

    /// The operands with predictions and targets that were staged: elements that do not count are replaced.
    var stagedOperands: Operands {
        var staged = operands
        (staged.predictions, staged.targets) = (
            UnsafeRawPointer(room.predictions), UnsafeRawPointer(room.targets)
        )
        return staged
    }

    /// Whether elements may not count, and are replaced.
    var mayLackElements: Bool { slice.mask != nil || formula.pointee.hasMissing }
}

extension SliceSums {
    /// The sums by a loss that a kernel found, or nil where that is no number, or too large or too small for the lanes.
    init?(_ loss: Double, count: Double, weight: Double, _ type: DType) {
        // Of Float products below 2^-126, 2^9 in a block, each is wrong by up to 2^-150: 2^-41 of a sum of 2^-100.
        let least = type == .double ? 0x1p-900 : 0x1p-100
        guard loss.isFinite, weight.isFinite, loss.magnitude >= least || count == 0 else { return nil }
        self.init()
        self.loss = ScaledDouble(loss)
        self.count = count
        self.weight = ScaledDouble(weight)
    }
}

internal import CVectorKernels
internal import VectorKernels

/// One call of a kernel on one tile. The only function with a body for each level: everything below is inlined into it,
/// and it into the copies of levels.h.
@c @implementation
func lk_run(_ call: UnsafePointer<lk_call>) -> Double {
    switch call.pointee.kernel {
    case LK_SUM_LOGIT_LOSSES, LK_SUM_PROBABILITY_LOSSES: return sumByProduct(call)
    case LK_SUM_SOFT_LOSSES: return sumSoft(call)
    case LK_SUM_EACH_LOGIT: return evaluate(call, isProbability: false, sumOnly: true)
    case LK_SUM_EACH_PROBABILITY: return evaluate(call, isProbability: true, sumOnly: true)
    case LK_EVALUATE_LOGITS: return evaluate(call, isProbability: false, sumOnly: false)
    case LK_EVALUATE_PROBABILITIES: return evaluate(call, isProbability: true, sumOnly: false)
    case LK_ADD_WEIGHTS:
        addWeights(call)
        return 0
    case LK_FIND_OUTSIDE: return hasElementOutside(call) ? 1 : 0
    default:
        return call.pointee.predictions.storage == LK_F64
            ? runInLanes(call, Double.self) : runInLanes(call, Float.self)
    }
}

/// The reductions that run at the speed of memory have a body for each common pair of storages, and one for the rest.
@inline(always)
func sumByProduct(_ call: UnsafePointer<lk_call>) -> Double {
    switch (call.pointee.predictions.storage, call.pointee.targets.storage) {
    case (LK_F32, LK_F32): return sum(call, Float.self, Elements<Float>.self, Elements<Float>.self)
    case (LK_F32, LK_U8): return sum(call, Float.self, Elements<Float>.self, Elements<UInt8>.self)
    case (LK_F32, LK_BITS): return sum(call, Float.self, Elements<Float>.self, Elements<PackedBit>.self)
    case (LK_F64, LK_F64): return sum(call, Double.self, Elements<Double>.self, Elements<Double>.self)
    case (LK_F64, LK_U8): return sum(call, Double.self, Elements<Double>.self, Elements<UInt8>.self)
    case (LK_F64, LK_BITS): return sum(call, Double.self, Elements<Double>.self, Elements<PackedBit>.self)
    // Float lanes would round the targets.
    case (LK_F64, _), (_, LK_F64): return sum(call, Double.self, AnyElements.self, AnyElements.self)
    default: return sum(call, Float.self, AnyElements.self, AnyElements.self)
    }
}

/// Targets of one bit or byte are not soft unless they are smoothed.
@inline(always)
func sumSoft(_ call: UnsafePointer<lk_call>) -> Double {
    switch (call.pointee.predictions.storage, call.pointee.targets.storage) {
    case (LK_F32, LK_F32): return sumSoft(call, Float.self, Elements<Float>.self, Elements<Float>.self)
    case (LK_F64, _), (_, LK_F64): return sumSoft(call, Double.self, AnyElements.self, AnyElements.self)
    default: return sumSoft(call, Float.self, AnyElements.self, AnyElements.self)
    }
}

@inline(always)
func sumSoft<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ call: UnsafePointer<lk_call>, _: S.Type, _: P.Type, _: T.Type
) -> Double {
    sumSoftLosses(
        Tile(S.self, P(call.pointee.predictions)!, T(call.pointee.targets)!, count: call.pointee.count),
        call.pointee.formula!)
}

@inline(always)
func sum<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ call: UnsafePointer<lk_call>, _: S.Type, _: P.Type, _: T.Type
) -> Double {
    let tile = Tile(S.self, P(call.pointee.predictions)!, T(call.pointee.targets)!, count: call.pointee.count)
    if call.pointee.kernel == LK_SUM_LOGIT_LOSSES { return sumLogitLosses(tile) }
    guard let formula = call.pointee.formula else {
        return sumProbabilityLosses(tile, FactorBounds(nil))
    }
    return sumProbabilityLosses(tile, FactorBounds(formula))
}

@inline(always)
func runInLanes<S: LaneScalar>(_ call: UnsafePointer<lk_call>, _: S.Type) -> Double {
    let tile = Tile(
        S.self, AnyElements(call.pointee.predictions)!, AnyElements(call.pointee.targets)!,
        count: call.pointee.count)
    if call.pointee.kernel == LK_WRITE_LOSSES {
        writeLosses(tile, call.pointee.formula!, into: call.pointee.losses!.assumingMemoryBound(to: S.self))
        return 0
    }
    if call.pointee.kernel == LK_SUM_WEIGHTED_LOSSES {
        return sumWeightedLosses(
            tile, weights: AnyElements(call.pointee.weights)!, call.pointee.formula!)
    }
    // A loop for each set of outputs that is asked for, so that none tests for them.
    let scale = call.pointee.formula!.pointee.scale
    let gradient = call.pointee.gradient!.assumingMemoryBound(to: S.self)
    let withLoss = call.pointee.with_loss != 0
    guard let hessian = call.pointee.hessian?.assumingMemoryBound(to: S.self) else {
        return withLoss
            ? writeLogitDerivatives(tile, scale: scale, withLoss: true, gradient: gradient, hessian: nil)
            : writeLogitDerivatives(tile, scale: scale, withLoss: false, gradient: gradient, hessian: nil)
    }
    return writeLogitDerivatives(
        tile, scale: scale, withLoss: withLoss, gradient: gradient, hessian: hessian)
}

@inline(never)
func dispatch(_ call: UnsafePointer<lk_call>, _ level: KernelLevel) -> Double {
    #if arch(x86_64)
        switch level {
        case .baseline: return lk_run(call)
        case .avx2: return lk_run_avx2(call)
        case .avx512: return lk_run_avx512(call)
        }
    #else
        return lk_run(call)
    #endif
}

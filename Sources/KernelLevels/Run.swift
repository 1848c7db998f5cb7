internal import CVectorKernels
internal import VectorKernels

/// One call of a kernel on one tile. The only function with a body for each level: everything below is inlined into it,
/// and it into the copies of levels.h.
@c @implementation
func lk_run(_ call: UnsafePointer<lk_call>) -> Double {
    switch (call.pointee.scalar, call.pointee.target_storage) {
    case (LK_FLOAT, LK_TARGETS_FLOAT): return run(call.pointee, Float.self, Float.self)
    case (LK_FLOAT, LK_TARGETS_DOUBLE): return run(call.pointee, Float.self, Double.self)
    case (LK_FLOAT, _): return run(call.pointee, Float.self, UInt8.self)
    case (_, LK_TARGETS_FLOAT): return run(call.pointee, Double.self, Float.self)
    case (_, LK_TARGETS_DOUBLE): return run(call.pointee, Double.self, Double.self)
    default: return run(call.pointee, Double.self, UInt8.self)
    }
}

@inline(always)
func run<S: LaneScalar, T: Storage>(_ call: lk_call, _: S.Type, _: T.Type) -> Double {
    let tile = Tile<S, T>(call)
    let (lower, upper, logFloor) = (call.lower, call.upper, call.log_floor)
    switch call.kernel {
    case LK_SUM_LOGIT_LOSSES:
        return sumLogitLosses(tile)
    case LK_SUM_PROBABILITY_LOSSES:
        return call.bounded != 0
            ? sumProbabilityLosses(
                tile, bounded: true, lower: lower, upper: upper, factorFloor: call.factor_floor)
            : sumProbabilityLosses(
                tile, bounded: false, lower: lower, upper: upper, factorFloor: call.factor_floor)
    case LK_SUM_LOGIT_LOSSES_EACH:
        return sumLogitLossesEach(tile)
    case LK_SUM_PROBABILITY_LOSSES_EACH:
        return sumProbabilityLossesEach(tile, lower: lower, upper: upper, logFloor: logFloor)
    case LK_WRITE_LOGIT_LOSSES:
        writeLogitLosses(tile, into: call.output!.assumingMemoryBound(to: S.self))
        return 0
    case LK_WRITE_PROBABILITY_LOSSES:
        writeProbabilityLosses(
            tile, lower: lower, upper: upper, logFloor: logFloor,
            into: call.output!.assumingMemoryBound(to: S.self))
        return 0
    default:
        return hasElementOutside(tile, lower: lower, upper: upper) ? 1 : 0
    }
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

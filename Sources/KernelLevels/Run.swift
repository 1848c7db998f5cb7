// SPDX-License-Identifier: Apache-2.0

internal import CVectorKernels
internal import VectorKernels

/// One call of a kernel on one tile. The only function with a body for each level: everything below is inlined into it,
/// and it into the copies of levels.h.
@c @implementation
func lk_run(_ call: UnsafePointer<lk_call>) -> Double {
    switch call.pointee.kernel {
    case LK_SUM_LOGIT_LOSSES: return sumByProduct(call, LogitSums.self)
    case LK_SUM_PROBABILITY_LOSSES: return sumByProduct(call, ProbabilitySums.self)
    case LK_SUM_SOFT_LOSSES: return run(call, SoftSums.self)
    case LK_SUM_PRODUCTS: return sumProducts(call)
    case LK_SUM_LOGIT_ROWS:
        sumLogitRows(call)
        return 0
    case LK_SUM_PROBABILITY_ROWS:
        sumProbabilityRows(call)
        return 0
    case LK_MULTIPLY_ROWS:
        isDouble(call) ? multiplyRows(call, Double.self) : multiplyRows(call, Float.self)
        return 0
    case LK_ADD_ROWS:
        isDouble(call) ? addRows(call, Double.self) : addRows(call, Float.self)
        return 0
    case LK_WRITE_LOSSES: return runAny(call, Losses.self)
    case LK_WRITE_LOGIT_DERIVATIVES: return run(call, LogitDerivatives.self)
    case LK_WRITE_PROBABILITY_GRADIENT: return runAny(call, ProbabilityGradients.self)
    case LK_SUM_EACH_LOGIT: return evaluate(call, isProbability: false, sumOnly: true)
    case LK_SUM_EACH_PROBABILITY: return evaluate(call, isProbability: true, sumOnly: true)
    case LK_EVALUATE_LOGITS: return evaluate(call, isProbability: false, sumOnly: false)
    case LK_EVALUATE_PROBABILITIES: return evaluate(call, isProbability: true, sumOnly: false)
    case LK_ADD_WEIGHTS:
        addWeights(call)
        return 0
    case LK_FIND_OUTSIDE: return hasElementOutside(call) ? 1 : 0
    default: return .nan
    }
}

/// The reductions that run at the speed of memory have a body for each common pair of storages, and one for the rest.
@inline(always)
func sumByProduct<B: KernelBody>(_ call: UnsafePointer<lk_call>, _: B.Type) -> Double {
    switch (call.pointee.predictions.storage, call.pointee.targets.storage) {
    case (LK_F32, LK_U8): B.run(tile(call, Float.self, Elements<Float>.self, Elements<UInt8>.self), call)
    case (LK_F32, LK_BITS):
        B.run(tile(call, Float.self, Elements<Float>.self, Elements<PackedBit>.self), call)
    case (LK_F64, LK_F64): B.run(tile(call, Double.self, Elements<Double>.self, Elements<Double>.self), call)
    case (LK_F64, LK_U8): B.run(tile(call, Double.self, Elements<Double>.self, Elements<UInt8>.self), call)
    case (LK_F64, LK_BITS):
        B.run(tile(call, Double.self, Elements<Double>.self, Elements<PackedBit>.self), call)
    default: run(call, B.self)
    }
}

@inline(always)
func isDouble(_ call: UnsafePointer<lk_call>) -> Bool { call.pointee.predictions.storage == LK_F64 }

/// The next have a body for Floats, and one for the rest.
@inline(always)
func run<B: KernelBody>(_ call: UnsafePointer<lk_call>, _: B.Type) -> Double {
    switch (call.pointee.predictions.storage, call.pointee.targets.storage) {
    case (LK_F32, LK_F32): B.run(tile(call, Float.self, Elements<Float>.self, Elements<Float>.self), call)
    default: runAny(call, B.self)
    }
}

/// Beside a logarithm or two divisions an element, a branch a vector costs nothing.
@inline(always)
func runAny<B: KernelBody>(_ call: UnsafePointer<lk_call>, _: B.Type) -> Double {
    // Float lanes would round Double targets.
    call.pointee.predictions.storage == LK_F64 || call.pointee.targets.storage == LK_F64
        ? B.run(tile(call, Double.self, AnyElements.self, AnyElements.self), call)
        : B.run(tile(call, Float.self, AnyElements.self, AnyElements.self), call)
}

/// Rows with few logits in Double: roundings in Float average out over many (`Tuning.fewElements`).
@inline(always)
func sumLogitRows(_ call: UnsafePointer<lk_call>) {
    let isFew = call.pointee.count < Tuning.fewElements
    switch (call.pointee.predictions.storage, call.pointee.targets.storage) {
    case (LK_F64, _), (_, LK_F64): sumRows(call, LogitRow<Double>.self, AnyElements.self, AnyElements.self)
    case _ where isFew: sumRows(call, LogitRow<Double>.self, AnyElements.self, AnyElements.self)
    case (LK_F32, LK_F32): sumRows(call, LogitRow<Float>.self, Elements<Float>.self, Elements<Float>.self)
    default: sumRows(call, LogitRow<Float>.self, AnyElements.self, AnyElements.self)
    }
}

@inline(always)
func sumProbabilityRows(_ call: UnsafePointer<lk_call>) {
    switch (call.pointee.predictions.storage, call.pointee.targets.storage) {
    case (LK_F64, _), (_, LK_F64):
        sumRows(call, ProbabilityRow<Double>.self, AnyElements.self, AnyElements.self)
    case (LK_F32, LK_F32):
        sumRows(call, ProbabilityRow<Float>.self, Elements<Float>.self, Elements<Float>.self)
    default: sumRows(call, ProbabilityRow<Float>.self, AnyElements.self, AnyElements.self)
    }
}

@inline(always)
func tile<S: LaneScalar, P: ElementSource, T: ElementSource>(
    _ call: UnsafePointer<lk_call>, _: S.Type, _: P.Type, _: T.Type
) -> Tile<S, P, T> {
    Tile(S.self, P(call.pointee.predictions)!, T(call.pointee.targets)!, count: call.pointee.count)
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

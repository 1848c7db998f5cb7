// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// A kernel that is compiled for several types of lanes and storages.
public protocol KernelBody {
    static func run<S: LaneScalar, P: ElementSource, T: ElementSource>(
        _ tile: Tile<S, P, T>, _ call: UnsafePointer<lk_call>
    ) -> Double
}

public enum LogitSums: KernelBody {
    @inlinable @inline(always)
    public static func run<S: LaneScalar, P: ElementSource, T: ElementSource>(
        _ tile: Tile<S, P, T>, _ call: UnsafePointer<lk_call>
    ) -> Double { sumLogitLosses(tile) }
}

public enum ProbabilitySums: KernelBody {
    /// A loop for each case: what is not bounded does not test for bounds.
    @inlinable @inline(always)
    public static func run<S: LaneScalar, P: ElementSource, T: ElementSource>(
        _ tile: Tile<S, P, T>, _ call: UnsafePointer<lk_call>
    ) -> Double {
        guard let formula = call.pointee.formula else { return sumProbabilityLosses(tile, FactorBounds(nil)) }
        return sumProbabilityLosses(tile, FactorBounds(formula))
    }
}

public enum SoftSums: KernelBody {
    @inlinable @inline(always)
    public static func run<S: LaneScalar, P: ElementSource, T: ElementSource>(
        _ tile: Tile<S, P, T>, _ call: UnsafePointer<lk_call>
    ) -> Double { sumSoftLosses(tile, call.pointee.formula!) }
}

public enum Losses: KernelBody {
    @inlinable @inline(always)
    public static func run<S: LaneScalar, P: ElementSource, T: ElementSource>(
        _ tile: Tile<S, P, T>, _ call: UnsafePointer<lk_call>
    ) -> Double {
        writeLosses(tile, call.pointee.formula!, into: call.pointee.losses!.assumingMemoryBound(to: S.self))
        return 0
    }
}

public enum ProbabilityGradients: KernelBody {
    @inlinable @inline(always)
    public static func run<S: LaneScalar, P: ElementSource, T: ElementSource>(
        _ tile: Tile<S, P, T>, _ call: UnsafePointer<lk_call>
    ) -> Double {
        writeProbabilityGradient(
            tile, call.pointee.formula!, into: call.pointee.gradient!.assumingMemoryBound(to: S.self))
    }
}

public enum LogitDerivatives: KernelBody {
    /// A loop for each set of outputs that is asked for, so that none tests for them.
    @inlinable @inline(always)
    public static func run<S: LaneScalar, P: ElementSource, T: ElementSource>(
        _ tile: Tile<S, P, T>, _ call: UnsafePointer<lk_call>
    ) -> Double {
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
}

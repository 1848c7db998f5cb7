package import KernelLevels

/// The element type of predictions: `Float` or `Double`. Not for other types to conform to.
public protocol LossScalar: LossTarget, BinaryFloatingPoint {
    static var lossScalarKind: LossScalarKind { get }
}

/// The element type of targets: `Float` or `Double` in [0, 1], `Bool`, or `UInt8` of 0 and 1. Kernels read each where
/// it lies. Not for other types to conform to.
public protocol LossTarget: BitwiseCopyable, Sendable {
    static var lossTargetStorage: LossTargetStorage { get }
}

/// The library's name for an element type; no user of it has a use for one.
public struct LossScalarKind: Sendable {
    package let kind: ScalarKind
}

public struct LossTargetStorage: Sendable {
    package let storage: TargetStorage
}

extension Float: LossScalar {
    public static var lossScalarKind: LossScalarKind { LossScalarKind(kind: .float) }
    public static var lossTargetStorage: LossTargetStorage { LossTargetStorage(storage: .float) }
}

extension Double: LossScalar {
    public static var lossScalarKind: LossScalarKind { LossScalarKind(kind: .double) }
    public static var lossTargetStorage: LossTargetStorage { LossTargetStorage(storage: .double) }
}

extension UInt8: LossTarget {
    public static var lossTargetStorage: LossTargetStorage { LossTargetStorage(storage: .uint8) }
}

/// A `Bool` is one byte, 0 or 1.
extension Bool: LossTarget {
    public static var lossTargetStorage: LossTargetStorage { LossTargetStorage(storage: .uint8) }
}

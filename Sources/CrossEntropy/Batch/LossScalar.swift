// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyKernels

/// The element type of results, gradients and weights: `Float` or `Double`. Other types must not conform.
public protocol LossScalar: LossTarget, LossPrediction, BinaryFloatingPoint where LossResult == Self {}

/// The element type of predictions: `Float`, `Double`, `Float16` or `BFloat16`. Losses of the last two are computed in
/// Float. Other types must not conform.
public protocol LossPrediction: BitwiseCopyable, Sendable {
    /// The type of losses and derivatives for such predictions.
    associatedtype LossResult: LossScalar
    static var predictionStorage: LossStorage { get }
}

/// The element type of targets: a floating-point type with values in [0, 1] (`Float`, `Double`, `Float16`, `BFloat16`),
/// `Bool`, or an integer type of any width with values 0 and 1. Kernels read `Bool`, `UInt8` and the type of the
/// predictions in place; targets of the other types are converted block by block. Types outside the library must not
/// conform.
public protocol LossTarget: BitwiseCopyable, Sendable {
    static var targetStorage: LossStorage { get }
}

/// How an element is stored. This type is only for use by the library itself.
public struct LossStorage: Sendable {
    package let dtype: DType

    package init(dtype: DType) { self.dtype = dtype }
}

extension Float: LossScalar {
    public typealias LossResult = Float
    public static var predictionStorage: LossStorage { LossStorage(dtype: .float) }
    public static var targetStorage: LossStorage { LossStorage(dtype: .float) }
}

extension Double: LossScalar {
    public typealias LossResult = Double
    public static var predictionStorage: LossStorage { LossStorage(dtype: .double) }
    public static var targetStorage: LossStorage { LossStorage(dtype: .double) }
}

#if !(os(macOS) && arch(x86_64))
    extension Float16: LossPrediction, LossTarget {
        public typealias LossResult = Float
        public static var predictionStorage: LossStorage { LossStorage(dtype: .half) }
        public static var targetStorage: LossStorage { LossStorage(dtype: .half) }
    }
#endif

extension BFloat16: LossPrediction, LossTarget {
    public typealias LossResult = Float
    public static var predictionStorage: LossStorage { LossStorage(dtype: .bfloat16) }
    public static var targetStorage: LossStorage { LossStorage(dtype: .bfloat16) }
}

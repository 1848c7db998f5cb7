// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCBLAS
import CrossEntropyKernels
import NaiveCrossEntropy

/// `Float` or `Double`, with the corresponding CBLAS functions.
protocol BenchScalar: LossScalar, NaiveScalar, SIMDScalar, Codable {
    static var name: String { get }
    /// The prefix of the CBLAS functions for this type.
    static var blasPrefix: String { get }
    static var storage: DType { get }
    /// The number of elements in a tile of the library.
    static var tile: Int { get }
    static func blasDot(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self
}

extension Float: BenchScalar {
    static var name: String { "Float" }
    static var blasPrefix: String { "s" }
    static var storage: DType { .float }
    static var tile: Int { 8192 }

    static func blasDot(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Float {
        cblas_sdot(Int32(count), x, 1, y, 1)
    }
}

extension Double: BenchScalar {
    static var name: String { "Double" }
    static var blasPrefix: String { "d" }
    static var storage: DType { .double }
    static var tile: Int { 4096 }

    static func blasDot(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
        cblas_ddot(Int32(count), x, 1, y, 1)
    }
}

import CBLAS
import CrossEntropy
import KernelLevels
import NaiveCrossEntropy

/// `Float` or `Double`, with the CBLAS functions for it.
protocol BenchScalar: LossScalar, NaiveScalar, SIMDScalar, Codable {
    static var name: String { get }
    static var storage: ElementStorage { get }
    /// The library's tile, in elements.
    static var tile: Int { get }
    static func blasDot(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self
    /// y += a x
    static func blasAxpy(
        _ count: Int, _ a: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
}

extension Float: BenchScalar {
    static var name: String { "Float" }
    static var storage: ElementStorage { .float }
    static var tile: Int { 8192 }

    static func blasDot(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Float {
        cblas_sdot(Int32(count), x, 1, y, 1)
    }

    static func blasAxpy(
        _ count: Int, _ a: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        cblas_saxpy(Int32(count), a, x, 1, y, 1)
    }
}

extension Double: BenchScalar {
    static var name: String { "Double" }
    static var storage: ElementStorage { .double }
    static var tile: Int { 4096 }

    static func blasDot(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
        cblas_ddot(Int32(count), x, 1, y, 1)
    }

    static func blasAxpy(
        _ count: Int, _ a: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        cblas_daxpy(Int32(count), a, x, 1, y, 1)
    }
}

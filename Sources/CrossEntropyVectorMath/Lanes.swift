// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Sixteen lanes of one floating-point type, with only the operations that the kernels use.
///
/// There are sixteen for both Float and Double: 1 and 2 registers with AVX-512, 4 and 8 with SSE2. In measurements
/// against 8 lanes, 32 lanes and hand-unrolled forms, this width is the best or close to it at every level.
public protocol Lanes {
    associatedtype Scalar: LaneScalar where Scalar.Lanes == Self

    init(repeating value: Scalar)
    /// 0, 1, ... 15.
    static var indices: Self { get }
    static var count: Int { get }

    /// One lane of 0 or 1 per bit, lowest bit first.
    init(bits: UInt16)
    /// Elements `index` to `index + 15` from `base`, converted.
    static func load<S: Storage>(_: S.Type, _ base: UnsafeRawPointer, _ index: Int) -> Self
    /// The first `count` < 16 of them, converted and followed by zeros.
    static func load<S: Storage>(_: S.Type, _ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> Self
    func store(_ base: UnsafeMutablePointer<Scalar>, _ index: Int)
    func store(_ base: UnsafeMutablePointer<Scalar>, _ index: Int, prefix count: Int)
    /// Converts `count` elements of `size` bytes each, of any type except bits.
    static func convert(
        _ type: DType, size: Int, _ from: UnsafeRawPointer, to: UnsafeMutableRawPointer, count: Int)

    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    /// `a * b + c`, with one rounding where the level has a fused instruction and two elsewhere.
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self

    var magnitude: Self { get }
    /// The smaller (larger) of the lane and the bound; a NaN lane stays NaN.
    func atMost(_ bound: Self) -> Self
    func atLeast(_ bound: Self) -> Self
    /// `x` where the lane is greater than (at least, equal to) that of `other`, else `y`; a comparison with NaN gives
    /// `y`.
    func ifGreater(_ other: Self, _ x: Self, _ y: Self) -> Self
    func ifAtLeast(_ other: Self, _ x: Self, _ y: Self) -> Self
    func ifEqual(_ other: Self, _ x: Self, _ y: Self) -> Self
    /// Whether all lanes are at least those of `other`; a NaN is not.
    func areAtLeast(_ other: Self) -> Bool

    /// Operations on bit patterns.
    static func | (a: Self, b: Self) -> Self
    static func & (a: Self, b: Self) -> Self
    static func ^ (a: Self, b: Self) -> Self
    var unionOfBits: UInt64 { get }
    func addingBits(_ other: Self) -> Self
    /// The larger of the two bit patterns, compared as unsigned integers.
    func largerBits(_ other: Self) -> Self
    /// The bit pattern shifted left, or right, by the width of the significand.
    var bitsMovedToExponent: Self { get }
    var bitsMovedFromExponent: Self { get }
    /// The bit pattern times two, which drops the sign bit.
    var bitsDoubled: Self { get }
    /// The sign bit moved to the lowest bit; all other bits are 0.
    var signMovedToLowestBit: Self { get }

    /// The same values converted to Double; and Doubles rounded to this type.
    var widened: F64x16 { get }
    init(rounding value: F64x16)
}

extension Lanes {
    @export(implementation) @inline(always) public static var count: Int { 16 }
    @export(implementation) @inline(always) public static var zero: Self { Self(repeating: 0) }
    @export(implementation) @inline(always) public static var one: Self { Self(repeating: 1) }
}

extension Lanes {
    /// Stores the first `count` lanes from element `index` of `base` on; `base` may have any alignment.
    @export(implementation) @inline(always)
    public func store(_ base: UnsafeMutableRawPointer, _ index: Int, count: Int) {
        let numbers = base.assumingMemoryBound(to: Scalar.self)
        count == Self.count ? store(numbers, index) : store(numbers, index, prefix: count)
    }

    /// One step of Horner's rule: `self * x + c`.
    @export(implementation) @inline(always)
    func times(_ x: Self, plus c: Scalar) -> Self { Self.multiplyAdd(self, x, Self(repeating: c)) }
    @export(implementation) @inline(always)
    func times(_ x: Self, plus c: Self) -> Self { Self.multiplyAdd(self, x, c) }
}

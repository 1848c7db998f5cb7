// SPDX-License-Identifier: Apache-2.0

public import CVectorKernels

/// Sixteen Doubles: two AVX-512 registers, four of AVX2, eight of SSE2 or NEON.
@frozen
public struct F64x16: Lanes {
    public typealias Scalar = Double

    @usableFromInline var lanes: vk_f64x16

    @inlinable @inline(always) init(_ lanes: vk_f64x16) { self.lanes = lanes }
    @inlinable @inline(always) public init(repeating value: Double) { lanes = vk_f64x16_repeat(value) }
    @inlinable @inline(always) public static var indices: Self { Self(vk_f64x16_indices()) }

    @inlinable @inline(always)
    public static func load<S: Storage>(_: S.Type, _ base: UnsafeRawPointer, _ index: Int) -> Self {
        Self(S.loadF64x16(base, index))
    }
    @inlinable @inline(always)
    public static func load<S: Storage>(
        _: S.Type, _ base: UnsafeRawPointer, _ index: Int, prefix count: Int
    ) -> Self {
        Self(S.loadF64x16(base, index, prefix: count))
    }
    @inlinable @inline(always)
    public func store(_ base: UnsafeMutablePointer<Double>, _ index: Int) {
        vk_f64x16_store(lanes, base + index)
    }
    @inlinable @inline(always)
    public func store(_ base: UnsafeMutablePointer<Double>, _ index: Int, prefix count: Int) {
        vk_f64x16_store_prefix(lanes, base + index, count * MemoryLayout<Double>.stride)
    }

    @inlinable @inline(always)
    public static func + (a: Self, b: Self) -> Self { Self(vk_f64x16_add(a.lanes, b.lanes)) }
    @inlinable @inline(always)
    public static func - (a: Self, b: Self) -> Self { Self(vk_f64x16_sub(a.lanes, b.lanes)) }
    @inlinable @inline(always)
    public static func * (a: Self, b: Self) -> Self { Self(vk_f64x16_mul(a.lanes, b.lanes)) }
    @inlinable @inline(always)
    public static func / (a: Self, b: Self) -> Self { Self(vk_f64x16_div(a.lanes, b.lanes)) }
    @inlinable @inline(always)
    public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(vk_f64x16_madd(a.lanes, b.lanes, c.lanes))
    }

    @inlinable @inline(always) public var magnitude: Self { Self(vk_f64x16_abs(lanes)) }
    @inlinable @inline(always)
    public func atMost(_ bound: Self) -> Self { Self(vk_f64x16_at_most(lanes, bound.lanes)) }
    @inlinable @inline(always)
    public func atLeast(_ bound: Self) -> Self { Self(vk_f64x16_at_least(lanes, bound.lanes)) }
    @inlinable @inline(always)
    public func ifGreater(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f64x16_select_gt(lanes, other.lanes, x.lanes, y.lanes))
    }
    @inlinable @inline(always)
    public func ifAtLeast(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f64x16_select_ge(lanes, other.lanes, x.lanes, y.lanes))
    }
    @inlinable @inline(always)
    public func ifEqual(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f64x16_select_eq(lanes, other.lanes, x.lanes, y.lanes))
    }

    @inlinable @inline(always)
    public static func | (a: Self, b: Self) -> Self { Self(vk_f64x16_or(a.lanes, b.lanes)) }
    @inlinable @inline(always)
    public static func & (a: Self, b: Self) -> Self { Self(vk_f64x16_and(a.lanes, b.lanes)) }
    @inlinable @inline(always)
    public static func ^ (a: Self, b: Self) -> Self { Self(vk_f64x16_xor(a.lanes, b.lanes)) }
    @inlinable @inline(always)
    public func addingBits(_ other: Self) -> Self { Self(vk_f64x16_add_bits(lanes, other.lanes)) }
    @inlinable @inline(always) public var unionOfBits: UInt64 { vk_f64x16_union_of_bits(lanes) }
    @inlinable @inline(always) public var bitsMovedToExponent: Self { Self(vk_f64x16_to_exponent(lanes)) }
    @inlinable @inline(always) public var bitsMovedFromExponent: Self { Self(vk_f64x16_from_exponent(lanes)) }
    @inlinable @inline(always) public var bitsDoubled: Self { Self(vk_f64x16_double_bits(lanes)) }
    @inlinable @inline(always) public var signMovedToLowestBit: Self { Self(vk_f64x16_sign_to_lowest(lanes)) }

    @inlinable @inline(always) public var widened: F64x16 { self }

    /// Rounded to Float.
    @inlinable @inline(always) var narrowed: F32x16 { F32x16(vk_f64x16_narrow(lanes)) }

    /// The sum of all lanes, in the order of a fixed tree.
    @inlinable @inline(always) public var sum: Double { vk_f64x16_sum(lanes) }
    /// The product of all lanes, and the same of 1 + lane, less 1.
    @inlinable @inline(always) var product: Double { vk_f64x16_product(lanes) }
    @inlinable @inline(always) var productLessOne: Double { vk_f64x16_product_less_one(lanes) }
}

/// Eight Doubles: the product of both halves of each vector that it was multiplied by.
@frozen @usableFromInline
struct F64x8 {
    @usableFromInline var lanes: vk_f64x8

    @inlinable @inline(always) init(_ lanes: vk_f64x8) { self.lanes = lanes }
    @inlinable @inline(always) static var one: Self { Self(vk_f64x8_ones()) }

    @inlinable @inline(always)
    func timesHalves(_ other: F64x16) -> Self { Self(vk_f64x8_times_halves(lanes, other.lanes)) }

    /// The same lanes, and eight ones.
    @inlinable @inline(always) var besideOnes: F64x16 { F64x16(vk_f64x8_beside_ones(lanes)) }
}

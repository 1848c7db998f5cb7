// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Sixteen Floats: one AVX-512 register, two AVX2 registers, or four SSE2 or NEON registers.
@frozen
public struct F32x16: SixteenLanes {
    public typealias Scalar = Float

    @usableFromInline var lanes: vk_f32x16

    @export(implementation) @inline(always) init(_ lanes: vk_f32x16) { self.lanes = lanes }
    @export(implementation) @inline(always) public init(repeating value: Float) {
        lanes = vk_f32x16_repeat(value)
    }
    @export(implementation) @inline(always) public static var indices: Self { Self(vk_f32x16_indices()) }

    @export(implementation) @inline(always)
    public init(bits: UInt16) { lanes = vk_f32x16_from_bits(bits) }

    @export(implementation) @inline(always)
    public static func load<S: Storage>(_: S.Type, _ base: UnsafeRawPointer, _ index: Int) -> Self {
        Self(S.loadF32x16(base, index))
    }
    @export(implementation) @inline(always)
    public static func load<S: Storage>(
        _: S.Type, _ base: UnsafeRawPointer, _ index: Int, prefix count: Int
    ) -> Self {
        Self(S.loadF32x16(base, index, prefix: count))
    }
    @export(implementation) @inline(always)
    public func store(_ base: UnsafeMutablePointer<Float>, _ index: Int) {
        vk_f32x16_store(lanes, base + index)
    }
    @export(implementation) @inline(always)
    public func store(_ base: UnsafeMutablePointer<Float>, _ index: Int, prefix count: Int) {
        vk_f32x16_store_prefix(lanes, base + index, count * MemoryLayout<Float>.stride)
    }

    @export(implementation) @inline(always)
    public static func convert(
        _ type: DType, size: Int, _ from: UnsafeRawPointer, to: UnsafeMutableRawPointer, count: Int
    ) {
        vk_f32x16_convert(type, size, from, to, count)
    }

    @export(implementation) @inline(always)
    public static func + (a: Self, b: Self) -> Self { Self(vk_f32x16_add(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func - (a: Self, b: Self) -> Self { Self(vk_f32x16_sub(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func * (a: Self, b: Self) -> Self { Self(vk_f32x16_mul(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func / (a: Self, b: Self) -> Self { Self(vk_f32x16_div(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(vk_f32x16_madd(a.lanes, b.lanes, c.lanes))
    }

    @export(implementation) @inline(always) public var magnitude: Self { Self(vk_f32x16_abs(lanes)) }
    @export(implementation) @inline(always) public var squareRoot: Self { Self(vk_f32x16_root(lanes)) }
    @export(implementation) @inline(always)
    public func atMost(_ bound: Self) -> Self { Self(vk_f32x16_at_most(lanes, bound.lanes)) }
    @export(implementation) @inline(always)
    public func atLeast(_ bound: Self) -> Self { Self(vk_f32x16_at_least(lanes, bound.lanes)) }
    @export(implementation) @inline(always)
    public func ifGreater(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f32x16_select_gt(lanes, other.lanes, x.lanes, y.lanes))
    }
    @export(implementation) @inline(always)
    public func ifAtLeast(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f32x16_select_ge(lanes, other.lanes, x.lanes, y.lanes))
    }
    @export(implementation) @inline(always)
    public func ifEqual(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f32x16_select_eq(lanes, other.lanes, x.lanes, y.lanes))
    }
    @export(implementation) @inline(always)
    public func areAtLeast(_ other: Self) -> Bool { vk_f32x16_all_ge(lanes, other.lanes) }

    @export(implementation) @inline(always)
    public init(allBits: Bool) { lanes = vk_f32x16_bits_if(allBits) }
    @export(implementation) @inline(always)
    public static func passing(_ rule: CountingRule<Self>, _ index: Int, _ count: Int) -> Self {
        Self(vk_f32x16_not_zero(rule.bytes(index, count)))
    }
    @export(implementation) @inline(always)
    public static func present(_ rule: CountingRule<Self>, _ targets: Self) -> Self {
        Self(vk_f32x16_not_missing(targets.lanes, rule.missing.lanes, rule.numbers.lanes))
    }
    @export(implementation) @inline(always)
    public func ifSet(_ x: Self, _ y: Self) -> Self { Self(vk_f32x16_if_set(lanes, x.lanes, y.lanes)) }
    @export(implementation) @inline(always)
    public static func | (a: Self, b: Self) -> Self { Self(vk_f32x16_or(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func & (a: Self, b: Self) -> Self { Self(vk_f32x16_and(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func ^ (a: Self, b: Self) -> Self { Self(vk_f32x16_xor(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public func addingBits(_ other: Self) -> Self { Self(vk_f32x16_add_bits(lanes, other.lanes)) }
    @export(implementation) @inline(always)
    public func largerBits(_ other: Self) -> Self { Self(vk_f32x16_larger_bits(lanes, other.lanes)) }
    @export(implementation) @inline(always) public var unionOfBits: UInt64 { vk_f32x16_union_of_bits(lanes) }
    @export(implementation) @inline(always) public var bitsMovedToExponent: Self {
        Self(vk_f32x16_to_exponent(lanes))
    }
    @export(implementation) @inline(always) public var bitsMovedFromExponent: Self {
        Self(vk_f32x16_from_exponent(lanes))
    }
    @export(implementation) @inline(always) public var bitsDoubled: Self {
        Self(vk_f32x16_double_bits(lanes))
    }
    @export(implementation) @inline(always) public var signMovedToLowestBit: Self {
        Self(vk_f32x16_sign_to_lowest(lanes))
    }

    @export(implementation) @inline(always)
    public init(rounding value: F64x16) { lanes = vk_f64x16_narrow(value.lanes) }

    @export(implementation) @inline(always) public var widened: F64x16 { F64x16(vk_f32x16_widen(lanes)) }
}

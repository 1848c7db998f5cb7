// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Sixteen Doubles: two AVX-512 registers, four AVX2 registers, or eight SSE2 or NEON registers.
@frozen
public struct F64x16: SixteenLanes {
    public typealias Scalar = Double

    @usableFromInline var lanes: vk_f64x16

    @export(implementation) @inline(always) init(_ lanes: vk_f64x16) { self.lanes = lanes }
    @export(implementation) @inline(always) public init(repeating value: Double) {
        lanes = vk_f64x16_repeat(value)
    }
    @export(implementation) @inline(always) public static var indices: Self { Self(vk_f64x16_indices()) }

    @export(implementation) @inline(always)
    public init(bits: UInt16) { lanes = vk_f64x16_from_bits(bits) }

    @export(implementation) @inline(always)
    public static func load<S: Storage>(_: S.Type, _ base: UnsafeRawPointer, _ index: Int) -> Self {
        Self(S.loadF64x16(base, index))
    }
    @export(implementation) @inline(always)
    public static func load<S: Storage>(
        _: S.Type, _ base: UnsafeRawPointer, _ index: Int, prefix count: Int
    ) -> Self {
        Self(S.loadF64x16(base, index, prefix: count))
    }
    @export(implementation) @inline(always)
    public func store(_ base: UnsafeMutablePointer<Double>, _ index: Int) {
        vk_f64x16_store(lanes, base + index)
    }
    @export(implementation) @inline(always)
    public func store(_ base: UnsafeMutablePointer<Double>, _ index: Int, prefix count: Int) {
        vk_f64x16_store_prefix(lanes, base + index, count * MemoryLayout<Double>.stride)
    }
    /// Writes the terms that the numbers add to reproducible sums.
    @export(implementation) @inline(always)
    public func cut(_ terms: UnsafeMutablePointer<SumTerm>, _ index: Int) {
        vk_f64x16_cut(lanes, terms + index)
    }

    @export(implementation) @inline(always)
    public static func convert(
        _ type: DType, size: Int, _ from: UnsafeRawPointer, to: UnsafeMutableRawPointer, count: Int
    ) {
        vk_f64x16_convert(type, size, from, to, count)
    }

    @export(implementation) @inline(always)
    public static func + (a: Self, b: Self) -> Self { Self(vk_f64x16_add(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func - (a: Self, b: Self) -> Self { Self(vk_f64x16_sub(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func * (a: Self, b: Self) -> Self { Self(vk_f64x16_mul(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func / (a: Self, b: Self) -> Self { Self(vk_f64x16_div(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(vk_f64x16_madd(a.lanes, b.lanes, c.lanes))
    }

    @export(implementation) @inline(always) public var magnitude: Self { Self(vk_f64x16_abs(lanes)) }
    @export(implementation) @inline(always) public var squareRoot: Self { Self(vk_f64x16_root(lanes)) }
    @export(implementation) @inline(always)
    public func atMost(_ bound: Self) -> Self { Self(vk_f64x16_at_most(lanes, bound.lanes)) }
    @export(implementation) @inline(always)
    public func atLeast(_ bound: Self) -> Self { Self(vk_f64x16_at_least(lanes, bound.lanes)) }
    @export(implementation) @inline(always)
    public func ifGreater(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f64x16_select_gt(lanes, other.lanes, x.lanes, y.lanes))
    }
    @export(implementation) @inline(always)
    public func ifAtLeast(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f64x16_select_ge(lanes, other.lanes, x.lanes, y.lanes))
    }
    @export(implementation) @inline(always)
    public func ifEqual(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self(vk_f64x16_select_eq(lanes, other.lanes, x.lanes, y.lanes))
    }
    @export(implementation) @inline(always)
    public func areAtLeast(_ other: Self) -> Bool { vk_f64x16_all_ge(lanes, other.lanes) }

    @export(implementation) @inline(always)
    public init(allBits: Bool) { lanes = vk_f64x16_bits_if(allBits) }
    @export(implementation) @inline(always)
    public static func passing(_ rule: CountingRule<Self>, _ index: Int, _ count: Int) -> Self {
        Self(vk_f64x16_not_zero(rule.bytes(index, count)))
    }
    @export(implementation) @inline(always)
    public static func present(_ rule: CountingRule<Self>, _ targets: Self) -> Self {
        Self(vk_f64x16_not_missing(targets.lanes, rule.missing.lanes, rule.numbers.lanes))
    }
    @export(implementation) @inline(always)
    public func ifSet(_ x: Self, _ y: Self) -> Self { Self(vk_f64x16_if_set(lanes, x.lanes, y.lanes)) }
    @export(implementation) @inline(always)
    public static func | (a: Self, b: Self) -> Self { Self(vk_f64x16_or(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func & (a: Self, b: Self) -> Self { Self(vk_f64x16_and(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func ^ (a: Self, b: Self) -> Self { Self(vk_f64x16_xor(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public func addingBits(_ other: Self) -> Self { Self(vk_f64x16_add_bits(lanes, other.lanes)) }
    @export(implementation) @inline(always)
    public func largerBits(_ other: Self) -> Self { Self(vk_f64x16_larger_bits(lanes, other.lanes)) }
    @export(implementation) @inline(always) public var unionOfBits: UInt64 { vk_f64x16_union_of_bits(lanes) }
    @export(implementation) @inline(always) public var bitsMovedToExponent: Self {
        Self(vk_f64x16_to_exponent(lanes))
    }
    @export(implementation) @inline(always) public var bitsMovedFromExponent: Self {
        Self(vk_f64x16_from_exponent(lanes))
    }
    @export(implementation) @inline(always) public var bitsDoubled: Self {
        Self(vk_f64x16_double_bits(lanes))
    }
    @export(implementation) @inline(always) public var signMovedToLowestBit: Self {
        Self(vk_f64x16_sign_to_lowest(lanes))
    }

    @export(implementation) @inline(always) public init(rounding value: F64x16) { self = value }

    @export(implementation) @inline(always) public var widened: F64x16 { self }

    /// The exponent and the eleven highest bits of the significand of a number that is not negative, as an integer in
    /// the lowest bits.
    @export(implementation) @inline(always) var leadingBits: Self { Self(vk_f64x16_leading_bits(lanes)) }
    /// Stores sixteen integers.
    @export(implementation) @inline(always)
    public func storeIntegers(_ base: UnsafeMutablePointer<Int32>) { vk_f64x16_store_integers(lanes, base) }

    /// The sum of all lanes, in the order of a fixed reduction tree.
    @export(implementation) @inline(always) public var sum: Double { vk_f64x16_sum(lanes) }
    /// The product of all lanes; and the product of 1 + lane over all lanes, minus 1.
    @export(implementation) @inline(always) public var product: Double { vk_f64x16_product(lanes) }
    @export(implementation) @inline(always) public var productLessOne: Double {
        vk_f64x16_product_less_one(lanes)
    }
}

/// Eight Doubles: a running product. Each vector of sixteen contributes the product of its two halves.
@frozen
public struct F64x8 {
    @usableFromInline var lanes: vk_f64x8

    @export(implementation) @inline(always) init(_ lanes: vk_f64x8) { self.lanes = lanes }
    @export(implementation) @inline(always) static var one: Self { Self(vk_f64x8_ones()) }

    @export(implementation) @inline(always)
    func timesHalves(_ other: F64x16) -> Self { Self(vk_f64x8_times_halves(lanes, other.lanes)) }

    /// These eight lanes followed by those of `other`.
    @export(implementation) @inline(always)
    func beside(_ other: Self) -> F64x16 { F64x16(vk_f64x8_beside(lanes, other.lanes)) }
}

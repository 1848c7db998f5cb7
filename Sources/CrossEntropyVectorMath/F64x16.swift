// SPDX-License-Identifier: Apache-2.0

public import Builtin
public import CrossEntropyCKernels

/// Sixteen Doubles: two AVX-512 registers, four AVX2 registers, or eight SSE2 or NEON registers.
@frozen
public struct F64x16: SixteenLanes {
    public typealias Scalar = Double

    @usableFromInline var lanes: Builtin.Vec16xFPIEEE64

    @export(implementation) @inline(always) init(_ lanes: Builtin.Vec16xFPIEEE64) { self.lanes = lanes }
    /// The lanes as C functions take and return them.
    @export(implementation) @inline(always) init(_ vector: vk_f64x16) { lanes = vector._storage._value }
    @export(implementation) @inline(always) var vector: vk_f64x16 { unsafeBitCast(lanes, to: vk_f64x16.self) }
    /// The bit patterns of the lanes.
    @export(implementation) @inline(always) init(patterns: Builtin.Vec16xInt64) {
        lanes = Builtin.bitcast_Vec16xInt64_Vec16xFPIEEE64(patterns)
    }
    @export(implementation) @inline(always) var patterns: Builtin.Vec16xInt64 {
        Builtin.bitcast_Vec16xFPIEEE64_Vec16xInt64(lanes)
    }
    /// All bits set where a condition holds, none elsewhere.
    @export(implementation) @inline(always) init(where condition: Builtin.Vec16xInt1) {
        self.init(patterns: Builtin.sext_Vec16xInt1_Vec16xInt64(condition))
    }
    @export(implementation) @inline(always) static func select(
        _ condition: Builtin.Vec16xInt1, _ x: Self, _ y: Self
    ) -> Self {
        Self(Builtin.select_Vec16xInt1_Vec16xFPIEEE64(condition, x.lanes, y.lanes))
    }
    @export(implementation) @inline(always) static func repeated(_ integer: Int64) -> Builtin.Vec16xInt64 {
        SIMD16<Int64>(repeating: integer)._storage._value
    }

    @export(implementation) @inline(always) public init(repeating value: Double) {
        lanes = vk_f64x16(repeating: value)._storage._value
    }
    @export(implementation) @inline(always) public static var indices: Self { Self(vk_f64x16_indices()) }

    @export(implementation) @inline(always)
    public init(bits: UInt16) { self.init(vk_f64x16_from_bits(bits)) }

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
        vk_f64x16_store(vector, base + index)
    }
    @export(implementation) @inline(always)
    public func store(_ base: UnsafeMutablePointer<Double>, _ index: Int, prefix count: Int) {
        vk_f64x16_store_prefix(vector, base + index, count * MemoryLayout<Double>.stride)
    }
    /// Writes the terms that the numbers add to reproducible sums.
    @export(implementation) @inline(always)
    public func cut(_ terms: UnsafeMutablePointer<SumTerm>, _ index: Int) {
        vk_f64x16_cut(vector, terms + index)
    }

    @export(implementation) @inline(always)
    public static func convert(
        _ type: DType, size: Int, _ from: UnsafeRawPointer, to: UnsafeMutableRawPointer, count: Int
    ) {
        vk_f64x16_convert(type, size, from, to, count)
    }

    @export(implementation) @inline(always)
    public static func + (a: Self, b: Self) -> Self { Self(Builtin.fadd_Vec16xFPIEEE64(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func - (a: Self, b: Self) -> Self { Self(Builtin.fsub_Vec16xFPIEEE64(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func * (a: Self, b: Self) -> Self { Self(Builtin.fmul_Vec16xFPIEEE64(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func / (a: Self, b: Self) -> Self { Self(Builtin.fdiv_Vec16xFPIEEE64(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(Builtin.int_fmuladd_Vec16xFPIEEE64(a.lanes, b.lanes, c.lanes))
    }

    @export(implementation) @inline(always) public var magnitude: Self {
        Self(Builtin.int_fabs_Vec16xFPIEEE64(lanes))
    }
    @export(implementation) @inline(always) public var squareRoot: Self {
        Self(Builtin.int_sqrt_Vec16xFPIEEE64(lanes))
    }
    @export(implementation) @inline(always)
    public func ifGreater(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self.select(Builtin.fcmp_ogt_Vec16xFPIEEE64(lanes, other.lanes), x, y)
    }
    @export(implementation) @inline(always)
    public func ifAtLeast(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self.select(Builtin.fcmp_oge_Vec16xFPIEEE64(lanes, other.lanes), x, y)
    }
    @export(implementation) @inline(always)
    public func ifEqual(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self.select(Builtin.fcmp_oeq_Vec16xFPIEEE64(lanes, other.lanes), x, y)
    }
    @export(implementation) @inline(always)
    public func areAtLeast(_ other: Self) -> Bool {
        let comparison = Builtin.fcmp_oge_Vec16xFPIEEE64(lanes, other.lanes)
        return Bool(_builtinBooleanLiteral: Builtin.int_vector_reduce_and_Vec16xInt1(comparison))
    }

    @export(implementation) @inline(always)
    public init(allBits: Bool) { self.init(patterns: Self.repeated(allBits ? -1 : 0)) }
    @export(implementation) @inline(always)
    public static func passing(_ rule: CountingRule<Self>, _ index: Int, _ count: Int) -> Self {
        let bytes = rule.bytes(index, count)._storage._value
        return Self(where: Builtin.cmp_ne_Vec16xInt8(bytes, Builtin.zeroInitializer()))
    }
    @export(implementation) @inline(always)
    public static func present(_ rule: CountingRule<Self>, _ targets: Self) -> Self {
        let bits = (targets ^ rule.flipped) & rule.kept
        return Self(where: Builtin.cmp_sgt_Vec16xInt64(bits.patterns, rule.threshold.patterns))
    }
    @export(implementation) @inline(always)
    public func ifSet(_ x: Self, _ y: Self) -> Self {
        Self.select(Builtin.cmp_slt_Vec16xInt64(patterns, Builtin.zeroInitializer()), x, y)
    }
    @export(implementation) @inline(always)
    public static func | (a: Self, b: Self) -> Self {
        Self(patterns: Builtin.or_Vec16xInt64(a.patterns, b.patterns))
    }
    @export(implementation) @inline(always)
    public static func & (a: Self, b: Self) -> Self {
        Self(patterns: Builtin.and_Vec16xInt64(a.patterns, b.patterns))
    }
    @export(implementation) @inline(always)
    public static func ^ (a: Self, b: Self) -> Self {
        Self(patterns: Builtin.xor_Vec16xInt64(a.patterns, b.patterns))
    }
    @export(implementation) @inline(always)
    public func addingBits(_ other: Self) -> Self {
        Self(patterns: Builtin.add_Vec16xInt64(patterns, other.patterns))
    }
    @export(implementation) @inline(always)
    public func largerBits(_ other: Self) -> Self {
        Self(patterns: Builtin.int_umax_Vec16xInt64(patterns, other.patterns))
    }
    @export(implementation) @inline(always)
    public var hasBits: Bool {
        let comparison = Builtin.cmp_ne_Vec16xInt64(patterns, Builtin.zeroInitializer())
        return Bool(_builtinBooleanLiteral: Builtin.int_vector_reduce_or_Vec16xInt1(comparison))
    }
    @export(implementation) @inline(always)
    public var bitsMovedToExponent: Self {
        Self(patterns: Builtin.shl_Vec16xInt64(patterns, Self.repeated(52)))
    }
    @export(implementation) @inline(always)
    public var bitsMovedFromExponent: Self {
        Self(patterns: Builtin.lshr_Vec16xInt64(patterns, Self.repeated(52)))
    }
    @export(implementation) @inline(always)
    public var signMovedToLowestBit: Self {
        Self(patterns: Builtin.lshr_Vec16xInt64(patterns, Self.repeated(63)))
    }

    @export(implementation) @inline(always) public init(rounding value: F64x16) { self = value }

    @export(implementation) @inline(always) public var widened: F64x16 { self }

    /// The exponent and the eleven highest bits of the significand of a number that is not negative, as an integer in
    /// the lowest bits.
    @export(implementation) @inline(always) var leadingBits: Self {
        Self(patterns: Builtin.lshr_Vec16xInt64(patterns, Self.repeated(41)))
    }
    /// Stores sixteen integers.
    @export(implementation) @inline(always)
    public func storeIntegers(_ base: UnsafeMutablePointer<Int32>) { vk_f64x16_store_integers(vector, base) }

    /// The sum of all lanes, in the order of a fixed reduction tree.
    @export(implementation) @inline(always) public var sum: Double { vk_f64x16_sum(vector) }
    /// The product of all lanes; and the product of 1 + lane over all lanes, minus 1.
    @export(implementation) @inline(always) public var product: Double { vk_f64x16_product(vector) }
    @export(implementation) @inline(always) public var productLessOne: Double {
        vk_f64x16_product_less_one(vector)
    }
}

/// Eight Doubles: a running product. Each vector of sixteen contributes the product of its two halves.
@frozen
public struct F64x8 {
    @usableFromInline var lanes: vk_f64x8

    @export(implementation) @inline(always) init(_ lanes: vk_f64x8) { self.lanes = lanes }
    @export(implementation) @inline(always) static var one: Self { Self(vk_f64x8_ones()) }

    @export(implementation) @inline(always)
    func timesHalves(_ other: F64x16) -> Self { Self(vk_f64x8_times_halves(lanes, other.vector)) }

    /// These eight lanes followed by those of `other`.
    @export(implementation) @inline(always)
    func beside(_ other: Self) -> F64x16 { F64x16(vk_f64x8_beside(lanes, other.lanes)) }
}

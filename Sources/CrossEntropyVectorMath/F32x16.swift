// SPDX-License-Identifier: Apache-2.0

public import Builtin
public import CrossEntropyCKernels

/// Sixteen Floats: one AVX-512 register, two AVX2 registers, or four SSE2 or NEON registers.
@frozen
public struct F32x16: SixteenLanes {
    public typealias Scalar = Float

    @usableFromInline var lanes: Builtin.Vec16xFPIEEE32

    @export(implementation) @inline(always) init(_ lanes: Builtin.Vec16xFPIEEE32) { self.lanes = lanes }
    /// The lanes as C functions take and return them.
    @export(implementation) @inline(always) init(_ vector: vk_f32x16) { lanes = vector._storage._value }
    @export(implementation) @inline(always) var vector: vk_f32x16 { unsafeBitCast(lanes, to: vk_f32x16.self) }
    /// The bit patterns of the lanes.
    @export(implementation) @inline(always) init(patterns: Builtin.Vec16xInt32) {
        lanes = Builtin.bitcast_Vec16xInt32_Vec16xFPIEEE32(patterns)
    }
    @export(implementation) @inline(always) var patterns: Builtin.Vec16xInt32 {
        Builtin.bitcast_Vec16xFPIEEE32_Vec16xInt32(lanes)
    }
    /// All bits set where a condition holds, none elsewhere.
    @export(implementation) @inline(always) init(where condition: Builtin.Vec16xInt1) {
        self.init(patterns: Builtin.sext_Vec16xInt1_Vec16xInt32(condition))
    }
    @export(implementation) @inline(always) static func select(
        _ condition: Builtin.Vec16xInt1, _ x: Self, _ y: Self
    ) -> Self {
        Self(Builtin.select_Vec16xInt1_Vec16xFPIEEE32(condition, x.lanes, y.lanes))
    }
    @export(implementation) @inline(always) static func repeated(_ integer: Int32) -> Builtin.Vec16xInt32 {
        SIMD16<Int32>(repeating: integer)._storage._value
    }

    @export(implementation) @inline(always) public init(repeating value: Float) {
        lanes = vk_f32x16(repeating: value)._storage._value
    }
    @export(implementation) @inline(always) public static var indices: Self { Self(vk_f32x16_indices()) }

    @export(implementation) @inline(always)
    public init(bits: UInt16) { self.init(vk_f32x16_from_bits(bits)) }

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
        vk_f32x16_store(vector, base + index)
    }
    @export(implementation) @inline(always)
    public func store(_ base: UnsafeMutablePointer<Float>, _ index: Int, prefix count: Int) {
        vk_f32x16_store_prefix(vector, base + index, count * MemoryLayout<Float>.stride)
    }

    @export(implementation) @inline(always)
    public static func convert(
        _ type: DType, size: Int, _ from: UnsafeRawPointer, to: UnsafeMutableRawPointer, count: Int
    ) {
        vk_f32x16_convert(type, size, from, to, count)
    }

    @export(implementation) @inline(always)
    public static func + (a: Self, b: Self) -> Self { Self(Builtin.fadd_Vec16xFPIEEE32(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func - (a: Self, b: Self) -> Self { Self(Builtin.fsub_Vec16xFPIEEE32(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func * (a: Self, b: Self) -> Self { Self(Builtin.fmul_Vec16xFPIEEE32(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func / (a: Self, b: Self) -> Self { Self(Builtin.fdiv_Vec16xFPIEEE32(a.lanes, b.lanes)) }
    @export(implementation) @inline(always)
    public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(Builtin.int_fmuladd_Vec16xFPIEEE32(a.lanes, b.lanes, c.lanes))
    }

    @export(implementation) @inline(always) public var magnitude: Self {
        Self(Builtin.int_fabs_Vec16xFPIEEE32(lanes))
    }
    @export(implementation) @inline(always) public var squareRoot: Self {
        Self(Builtin.int_sqrt_Vec16xFPIEEE32(lanes))
    }
    @export(implementation) @inline(always)
    public func ifGreater(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self.select(Builtin.fcmp_ogt_Vec16xFPIEEE32(lanes, other.lanes), x, y)
    }
    @export(implementation) @inline(always)
    public func ifAtLeast(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self.select(Builtin.fcmp_oge_Vec16xFPIEEE32(lanes, other.lanes), x, y)
    }
    @export(implementation) @inline(always)
    public func ifEqual(_ other: Self, _ x: Self, _ y: Self) -> Self {
        Self.select(Builtin.fcmp_oeq_Vec16xFPIEEE32(lanes, other.lanes), x, y)
    }
    @export(implementation) @inline(always)
    public func areAtLeast(_ other: Self) -> Bool {
        let comparison = Builtin.fcmp_oge_Vec16xFPIEEE32(lanes, other.lanes)
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
        return Self(where: Builtin.cmp_sgt_Vec16xInt32(bits.patterns, rule.threshold.patterns))
    }
    @export(implementation) @inline(always)
    public func ifSet(_ x: Self, _ y: Self) -> Self {
        Self.select(Builtin.cmp_slt_Vec16xInt32(patterns, Builtin.zeroInitializer()), x, y)
    }
    @export(implementation) @inline(always)
    public static func | (a: Self, b: Self) -> Self {
        Self(patterns: Builtin.or_Vec16xInt32(a.patterns, b.patterns))
    }
    @export(implementation) @inline(always)
    public static func & (a: Self, b: Self) -> Self {
        Self(patterns: Builtin.and_Vec16xInt32(a.patterns, b.patterns))
    }
    @export(implementation) @inline(always)
    public static func ^ (a: Self, b: Self) -> Self {
        Self(patterns: Builtin.xor_Vec16xInt32(a.patterns, b.patterns))
    }
    @export(implementation) @inline(always)
    public func addingBits(_ other: Self) -> Self {
        Self(patterns: Builtin.add_Vec16xInt32(patterns, other.patterns))
    }
    @export(implementation) @inline(always)
    public func largerBits(_ other: Self) -> Self {
        Self(patterns: Builtin.int_umax_Vec16xInt32(patterns, other.patterns))
    }
    @export(implementation) @inline(always)
    public var hasBits: Bool {
        let comparison = Builtin.cmp_ne_Vec16xInt32(patterns, Builtin.zeroInitializer())
        return Bool(_builtinBooleanLiteral: Builtin.int_vector_reduce_or_Vec16xInt1(comparison))
    }
    @export(implementation) @inline(always)
    public var bitsMovedToExponent: Self {
        Self(patterns: Builtin.shl_Vec16xInt32(patterns, Self.repeated(23)))
    }
    @export(implementation) @inline(always)
    public var bitsMovedFromExponent: Self {
        Self(patterns: Builtin.lshr_Vec16xInt32(patterns, Self.repeated(23)))
    }
    @export(implementation) @inline(always)
    public var signMovedToLowestBit: Self {
        Self(patterns: Builtin.lshr_Vec16xInt32(patterns, Self.repeated(31)))
    }

    @export(implementation) @inline(always)
    public init(rounding value: F64x16) {
        lanes = Builtin.fptrunc_Vec16xFPIEEE64_Vec16xFPIEEE32(value.lanes)
    }
    @export(implementation) @inline(always) public var widened: F64x16 {
        F64x16(Builtin.fpext_Vec16xFPIEEE32_Vec16xFPIEEE64(lanes))
    }
}

// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

/// Lanes of one floating-point type, with only the operations that the kernels use: sixteen of them, or several times
/// sixteen (`Pair`).
public protocol Lanes: BitwiseCopyable {
    associatedtype Scalar: LaneScalar

    static var count: Int { get }
    init(repeating value: Scalar)
    /// The same sixteen lanes repeated.
    init(repeating lanes: Scalar.Lanes)
    /// 0, 1, 2, ...
    static var indices: Self { get }
    /// Sixteen lanes: groups of lanes, joined pairwise.
    func folded(_ join: (Scalar.Lanes, Scalar.Lanes) -> Scalar.Lanes) -> Scalar.Lanes
    /// The given sixteen lanes, joined with one group of lanes after the other.
    func folded(into lanes: Scalar.Lanes, _ join: (Scalar.Lanes, Scalar.Lanes) -> Scalar.Lanes)
        -> Scalar.Lanes

    /// As many elements as there are lanes, from element `index` of `base` on, converted.
    static func load<S: Storage>(_: S.Type, _ base: UnsafeRawPointer, _ index: Int) -> Self
    /// The first `count` of them, fewer than there are lanes, converted and followed by zeros.
    static func load<S: Storage>(_: S.Type, _ base: UnsafeRawPointer, _ index: Int, prefix count: Int) -> Self
    func store(_ base: UnsafeMutablePointer<Scalar>, _ index: Int)
    func store(_ base: UnsafeMutablePointer<Scalar>, _ index: Int, prefix count: Int)

    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    /// `a * b + c`, rounded once where the level has a fused instruction and twice elsewhere. (LLVM's `fma` would be a call
    /// of the C library there.)
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self

    var magnitude: Self { get }
    var squareRoot: Self { get }
    /// `x` where the lane is greater than (at least, equal to) that of `other`, else `y`; a comparison with NaN gives
    /// `y`.
    func ifGreater(_ other: Self, _ x: Self, _ y: Self) -> Self
    func ifAtLeast(_ other: Self, _ x: Self, _ y: Self) -> Self
    func ifEqual(_ other: Self, _ x: Self, _ y: Self) -> Self
    /// Whether all lanes are at least those of `other`; a NaN is not.
    func areAtLeast(_ other: Self) -> Bool

    /// All bits set, or none.
    init(allBits: Bool)
    /// All bits set in lanes that the mask lets through, or whose target is not missing, none in others; see
    /// `CountingRule`. The lanes past the end are unspecified.
    static func passing(_ rule: CountingRule<Scalar.Lanes>, _ index: Int, _ count: Int) -> Self
    static func present(_ rule: CountingRule<Scalar.Lanes>, _ targets: Self) -> Self
    /// `x` where all bits of the lane are set, `y` where none are.
    func ifSet(_ x: Self, _ y: Self) -> Self
    /// Operations on bit patterns.
    static func | (a: Self, b: Self) -> Self
    static func & (a: Self, b: Self) -> Self
    static func ^ (a: Self, b: Self) -> Self
    /// Whether any bit of any lane is set.
    var hasBits: Bool { get }
    func addingBits(_ other: Self) -> Self
    /// The larger of the two bit patterns, compared as unsigned integers.
    func largerBits(_ other: Self) -> Self
    /// The bit pattern shifted left, or right, by the width of the significand.
    var bitsMovedToExponent: Self { get }
    var bitsMovedFromExponent: Self { get }
    /// The sign bit moved to the lowest bit; all other bits are 0.
    var signMovedToLowestBit: Self { get }
}

/// Sixteen lanes.
///
/// There are sixteen for both Float and Double: 1 and 2 registers with AVX-512, 4 and 8 with SSE2. In measurements
/// against 8 lanes, 32 lanes and hand-unrolled forms, this width is the best or close to it at every level for loops
/// that compute little per element.
///
/// Each operation on sixteen lanes is one operation of LLVM, called through Swift's `Builtin` module. Two other ways were
/// rejected:
/// - The operators of `SIMD16`. In Swift 6.3, those of floating-point numbers still leave SIL as one operation per lane,
///   and LLVM does not always rebuild the vector: a kernel that compares and selects became three times slower.
/// - C functions on vectors. The kernels were as fast. But such a function is compiled for the baseline, which passes
///   sixteen lanes in memory, and LLVM spent half of the build removing these copies after inlining. A program that
///   depends on the library took 61 s to build, and now takes 36 s (Zen 4, two cores).
public protocol SixteenLanes: Lanes where Scalar.Lanes == Self {
    /// One lane of 0 or 1 per bit, lowest bit first.
    init(bits: UInt16)
    /// Converts `count` elements of `size` bytes each, of any type except bits.
    static func convert(
        _ type: DType, size: Int, _ from: UnsafeRawPointer, to: UnsafeMutableRawPointer, count: Int)

    /// The same values converted to Double; and Doubles rounded to this type.
    var widened: F64x16 { get }
    init(rounding value: F64x16)
}

extension SixteenLanes {
    @export(implementation) @inline(always) public static var count: Int { 16 }
    @export(implementation) @inline(always) public init(repeating lanes: Scalar.Lanes) { self = lanes }
    @export(implementation) @inline(always)
    public func folded(_ join: (Self, Self) -> Self) -> Self { self }
    @export(implementation) @inline(always)
    public func folded(into lanes: Self, _ join: (Self, Self) -> Self) -> Self { join(lanes, self) }
}

extension Lanes {
    @export(implementation) @inline(always) public static var zero: Self { Self(repeating: 0) }
    @export(implementation) @inline(always) public static var one: Self { Self(repeating: 1) }

    /// The smaller (larger) of the lane and the bound; a NaN lane stays NaN.
    @export(implementation) @inline(always)
    public func atMost(_ bound: Self) -> Self { ifGreater(bound, bound, self) }
    @export(implementation) @inline(always)
    public func atLeast(_ bound: Self) -> Self { bound.ifGreater(self, bound, self) }

    /// The bit pattern times two, which drops the sign bit.
    @export(implementation) @inline(always) public var bitsDoubled: Self { addingBits(self) }

    /// The sum of groups of lanes.
    @export(implementation) @inline(always) public var foldedSum: Scalar.Lanes { folded { $0 + $1 } }
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

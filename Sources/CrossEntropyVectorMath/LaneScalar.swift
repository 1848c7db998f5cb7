// SPDX-License-Identifier: Apache-2.0

/// A type that kernels compute in: its lanes, and the constants that differ between Float and Double. All other code is
/// written once for both.
public protocol LaneScalar: BinaryFloatingPoint, Storage {
    associatedtype Lanes: SixteenLanes where Lanes.Scalar == Self
    /// As many lanes as a loop over many elements computes at a time: 64 for Float, 32 for Double; see `Pair`.
    associatedtype WideLanes: CrossEntropyVectorMath.Lanes where WideLanes.Scalar == Self

    /// 1.5 x 2^(significand bits): adding it to a number below 2^(bits - 2) rounds the number to an integer in the low
    /// bits.
    static var roundingShift: Self { get }
    /// ln 2 in two parts, the high one short enough that a product with any exponent is exact
    /// (Scripts/fit-polynomials.py).
    static var ln2High: Self { get }
    static var ln2Low: Self { get }
    /// For a above this, e^-a rounds to 0: 150 ln 2 and 1,075 ln 2, rounded up.
    static var expUnderflow: Self { get }
    /// e^-a is 2^-127 (2^-1023), which has an exponent field of 0: 127 ln 2 and 1,023 ln 2, rounded down.
    static var expVanishing: Self { get }
    static var exponentBias: Self { get }
    /// A power of two that lifts the exponential of `-expUnderflow` above the smallest normal number.
    static var expLiftExponent: Self { get }
    static var expLift: Self { get }
    /// The base-2 logarithm of a power of two that scales every subnormal number into the normal range.
    static var subnormalLiftExponent: Self { get }
    static var subnormalLift: Self { get }
    /// sqrt 1/2; as bit patterns, the pattern of 1 minus that of sqrt 1/2, and the mask of the fraction field.
    static var rootHalf: Self { get }
    static var bitsFromRootHalfToOne: Self { get }
    static var fractionField: Self { get }
    /// Added to the bit pattern of a nonnegative number, this sets the sign bit if the number is above 1 or NaN.
    static var bitsFromAboveOneToSign: Self { get }

    // Horner's rule in the square of the argument, with pairs of terms: this halves the dependency chain, whose latency
    // limits the loops that use it. (Separate sums of even and odd powers would cancel: the error of log1p in Double
    // would be 3.4 ulp.)

    /// `e^r = 1 + r + r^2 E(r)` for |r| <= ln 2 / 2, lowest degree first.
    static func expTail<L: CrossEntropyVectorMath.Lanes>(_ r: L) -> L where L.Scalar == Self
    /// `log((1 + s) / (1 - s)) = 2 s + s z L(z)`, z = s^2, for |s| <= (sqrt 2 - 1) / (sqrt 2 + 1).
    static func logTail<L: CrossEntropyVectorMath.Lanes>(_ z: L) -> L where L.Scalar == Self
    /// `log(1 + e) = e + e^2 Q(e)` for 0 <= e <= 1.
    static func log1pTail<L: CrossEntropyVectorMath.Lanes>(_ e: L) -> L where L.Scalar == Self
}

extension Float: LaneScalar {
    public typealias Lanes = F32x16
    public typealias WideLanes = Pair<Pair<F32x16>>
    @export(implementation) @inline(always) public static var roundingShift: Float { 0x1.8p23 }
    @export(implementation) @inline(always) public static var ln2High: Float { 0x1.62e4p-1 }
    @export(implementation) @inline(always) public static var ln2Low: Float { 0x1.7f7d1cp-20 }
    @export(implementation) @inline(always) public static var expUnderflow: Float { 104 }
    @export(implementation) @inline(always) public static var expVanishing: Float { 88 }
    @export(implementation) @inline(always) public static var exponentBias: Float { 127 }
    @export(implementation) @inline(always) public static var expLiftExponent: Float { 64 }
    @export(implementation) @inline(always) public static var expLift: Float { 0x1p64 }
    @export(implementation) @inline(always) public static var subnormalLiftExponent: Float { 24 }
    @export(implementation) @inline(always) public static var subnormalLift: Float { 0x1p24 }
    @export(implementation) @inline(always) public static var rootHalf: Float { 0x1.6a09e6p-1 }
    @export(implementation) @inline(always) public static var bitsFromRootHalfToOne: Float {
        Float(bitPattern: Float(1).bitPattern - rootHalf.bitPattern)
    }
    @export(implementation) @inline(always) public static var fractionField: Float {
        Float(bitPattern: 0x7f_ffff)
    }
    @export(implementation) @inline(always) public static var bitsFromAboveOneToSign: Float {
        Float(bitPattern: (-0.0 as Float).bitPattern - (Float(1).bitPattern + 1))
    }

    /// Approximation error 2^-30.4, before rounding (Scripts/fit-polynomials.py).
    @export(implementation) @inline(always)
    public static func expTail<L: CrossEntropyVectorMath.Lanes>(_ r: L) -> L where L.Scalar == Self {
        let square = r * r
        return L(repeating: 0x1.a124e4p-13).times(r, plus: 0x1.6d4316p-10)
            .times(square, plus: L(repeating: 0x1.1110ep-7).times(r, plus: 0x1.5554eap-5))
            .times(square, plus: L(repeating: 0x1.555556p-3).times(r, plus: 0.5))
    }

    /// Approximation error 2^-28.6, before rounding.
    @export(implementation) @inline(always)
    public static func logTail<L: CrossEntropyVectorMath.Lanes>(_ z: L) -> L where L.Scalar == Self {
        L(repeating: 0x1.2ee61p-2)
            .times(z, plus: 0x1.997c3p-2)
            .times(z, plus: 0x1.55555cp-1)
    }

    /// Approximation error 2^-27.3, before rounding.
    @export(implementation) @inline(always)
    public static func log1pTail<L: CrossEntropyVectorMath.Lanes>(_ e: L) -> L where L.Scalar == Self {
        let square = e * e
        return L(repeating: -0x1.a6f30ap-9)
            .times(square, plus: L(repeating: 0x1.443a38p-6).times(e, plus: -0x1.d1f56ap-5))
            .times(square, plus: L(repeating: 0x1.b23326p-4).times(e, plus: -0x1.39818cp-3))
            .times(square, plus: L(repeating: 0x1.9305f6p-3).times(e, plus: -0x1.ff160ap-3))
            .times(square, plus: L(repeating: 0x1.554d22p-2).times(e, plus: -0x1.ffffccp-2))
    }
}

extension Double: LaneScalar {
    public typealias Lanes = F64x16
    public typealias WideLanes = Pair<F64x16>
    @export(implementation) @inline(always) public static var roundingShift: Double { 0x1.8p52 }
    @export(implementation) @inline(always) public static var ln2High: Double { 0x1.62e42fefa3p-1 }
    @export(implementation) @inline(always) public static var ln2Low: Double { 0x1.3de6af278ece6p-42 }
    @export(implementation) @inline(always) public static var expUnderflow: Double { 746 }
    @export(implementation) @inline(always) public static var expVanishing: Double { 709 }
    @export(implementation) @inline(always) public static var exponentBias: Double { 1023 }
    @export(implementation) @inline(always) public static var expLiftExponent: Double { 128 }
    @export(implementation) @inline(always) public static var expLift: Double { 0x1p128 }
    @export(implementation) @inline(always) public static var subnormalLiftExponent: Double { 53 }
    @export(implementation) @inline(always) public static var subnormalLift: Double { 0x1p53 }
    @export(implementation) @inline(always) public static var rootHalf: Double { 0x1.6a09e667f3bcdp-1 }
    @export(implementation) @inline(always) public static var bitsFromRootHalfToOne: Double {
        Double(bitPattern: Double(1).bitPattern - rootHalf.bitPattern)
    }
    @export(implementation) @inline(always) public static var fractionField: Double {
        Double(bitPattern: 0xf_ffff_ffff_ffff)
    }
    @export(implementation) @inline(always) public static var bitsFromAboveOneToSign: Double {
        Double(bitPattern: (-0.0).bitPattern - (Double(1).bitPattern + 1))
    }

    /// Approximation error 2^-61.4, before rounding.
    @export(implementation) @inline(always)
    public static func expTail<L: CrossEntropyVectorMath.Lanes>(_ r: L) -> L where L.Scalar == Self {
        let square = r * r
        return L(repeating: 0x1.1f72fc730b4ffp-29)
            .times(
                square, plus: L(repeating: 0x1.af4ddd84882fep-26).times(r, plus: 0x1.27e4db67b4303p-22)
            )
            .times(
                square, plus: L(repeating: 0x1.71de02375656cp-19).times(r, plus: 0x1.a01a01a6d7808p-16)
            )
            .times(
                square, plus: L(repeating: 0x1.a01a01abe62ddp-13).times(r, plus: 0x1.6c16c16c162d6p-10)
            )
            .times(square, plus: L(repeating: 0x1.11111111100dfp-7).times(r, plus: 0x1.5555555555556p-5))
            .times(square, plus: L(repeating: 0x1.5555555555557p-3).times(r, plus: 0.5))
    }

    /// Approximation error 2^-57.6, before rounding.
    @export(implementation) @inline(always)
    public static func logTail<L: CrossEntropyVectorMath.Lanes>(_ z: L) -> L where L.Scalar == Self {
        L(repeating: 0x1.2b584aae78a57p-3)
            .times(z, plus: 0x1.39fe606542ddep-3)
            .times(z, plus: 0x1.7462b4ab2ef6bp-3)
            .times(z, plus: 0x1.c71c62e5800a1p-3)
            .times(z, plus: 0x1.2492492df148dp-2)
            .times(z, plus: 0x1.99999999952e2p-2)
            .times(z, plus: 0x1.5555555555558p-1)
    }

    /// Approximation error 2^-58.8, before rounding.
    @export(implementation) @inline(always)
    public static func log1pTail<L: CrossEntropyVectorMath.Lanes>(_ e: L) -> L where L.Scalar == Self {
        let square = e * e
        return L(repeating: -0x1.0e637d492286ap-16)
            .times(
                square, plus: L(repeating: 0x1.979960993c394p-13).times(e, plus: -0x1.24379020adca2p-10)
            )
            .times(
                square, plus: L(repeating: 0x1.0a604160caf5ep-8).times(e, plus: -0x1.5d041aa7510e6p-7)
            )
            .times(
                square, plus: L(repeating: 0x1.61637a6910771p-6).times(e, plus: -0x1.23a4a894fe66dp-5)
            )
            .times(
                square, plus: L(repeating: 0x1.9ac714d3777d2p-5).times(e, plus: -0x1.01c9e3090ae97p-4)
            )
            .times(
                square, plus: L(repeating: 0x1.2c50827ba42a8p-4).times(e, plus: -0x1.503869109a197p-4)
            )
            .times(
                square, plus: L(repeating: 0x1.72efb03a572d9p-4).times(e, plus: -0x1.99488e357df12p-4)
            )
            .times(
                square, plus: L(repeating: 0x1.c70e6a45ca1c2p-4).times(e, plus: -0x1.fffe25c67e104p-4)
            )
            .times(
                square, plus: L(repeating: 0x1.249231fad42edp-3).times(e, plus: -0x1.555553ba6d193p-3)
            )
            .times(
                square, plus: L(repeating: 0x1.99999986976dep-3).times(e, plus: -0x1.ffffffff77371p-3)
            )
            .times(
                square, plus: L(repeating: 0x1.5555555554579p-2).times(e, plus: -0x1.fffffffffffebp-2))
    }
}

extension LaneScalar {
    @export(implementation) @inline(always) static var ln2: Self { ln2High + ln2Low }
}

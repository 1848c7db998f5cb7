// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `Float` or `Double`, with the libm functions that the loops call for each element.
public protocol NaiveScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    static func exponential(_ x: Self) -> Self
    static func logarithm(_ x: Self) -> Self
    static func logarithm(onePlus x: Self) -> Self
    static func power(_ base: Self, _ exponent: Self) -> Self
}

extension Float: NaiveScalar {
    public static func exponential(_ x: Float) -> Float { expf(x) }
    public static func logarithm(_ x: Float) -> Float { logf(x) }
    public static func logarithm(onePlus x: Float) -> Float { log1pf(x) }
    public static func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }
}

extension Double: NaiveScalar {
    public static func exponential(_ x: Double) -> Double { exp(x) }
    public static func logarithm(_ x: Double) -> Double { log(x) }
    public static func logarithm(onePlus x: Double) -> Double { log1p(x) }
    public static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}

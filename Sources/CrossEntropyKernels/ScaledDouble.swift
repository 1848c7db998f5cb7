// SPDX-License-Identifier: Apache-2.0

/// `significand` times 2^`exponent`: a number whose range is wider than that of Double.
///
/// Sums of losses and of weights may overflow or become subnormal where the mean computed from them does neither. In
/// every ordinary case the exponent is 0, and all operations are then bit-identical to those of Double.
@frozen
public struct ScaledDouble: Sendable {
    public var significand: Double
    public var exponent: Int

    @export(implementation) @inline(always)
    public init(_ significand: Double, timesTwoTo exponent: Int = 0) {
        self.significand = significand
        self.exponent = exponent
    }

    package var value: Double {
        // A product with a normal power of two is rounded once, and takes a fraction of the time of the initializer.
        (-1022...1023).contains(exponent)
            ? significand * Double(bitPattern: UInt64(exponent + 1023) << 52)
            : Double(sign: .plus, exponent: exponent, significand: significand)
    }

    /// The same number with a significand of magnitude 1 to 2; 0, infinities and NaN are unchanged.
    package var normalized: ScaledDouble {
        guard significand.isFinite, significand != 0 else { return ScaledDouble(significand) }
        guard significand.isNormal else {
            return ScaledDouble(significand * 0x1p64, timesTwoTo: exponent - 64).normalized
        }
        let bits = significand.bitPattern
        return ScaledDouble(
            Double(bitPattern: bits & ~(0x7ff << 52) | 1023 << 52),
            timesTwoTo: exponent + Int(bits >> 52 & 0x7ff) - 1023)
    }

    package static func + (a: ScaledDouble, b: ScaledDouble) -> ScaledDouble {
        if a.exponent == 0, b.exponent == 0 {
            let sum = a.significand + b.significand
            if sum.isFinite || !a.significand.isFinite || !b.significand.isFinite {
                return ScaledDouble(sum)
            }
        }
        if a.significand == 0 { return b }
        if b.significand == 0 { return a }
        let (a, b) = (a.normalized, b.normalized)
        let exponent = max(a.exponent, b.exponent)
        func aligned(_ number: ScaledDouble) -> Double {
            ScaledDouble(number.significand, timesTwoTo: number.exponent - exponent).value
        }
        return ScaledDouble(aligned(a) + aligned(b), timesTwoTo: exponent)
    }

    package static func += (a: inout ScaledDouble, b: ScaledDouble) { a = a + b }

    package static func * (a: ScaledDouble, b: ScaledDouble) -> ScaledDouble {
        let product = a.significand * b.significand
        let isExact =
            a.significand == 0 || b.significand == 0 || !a.significand.isFinite || !b.significand.isFinite
        if isExact || product.isNormal, a.exponent == 0, b.exponent == 0 { return ScaledDouble(product) }
        let (a, b) = (a.normalized, b.normalized)
        return ScaledDouble(a.significand * b.significand, timesTwoTo: a.exponent + b.exponent)
    }

    @export(implementation) @inline(always)
    public static func / (a: ScaledDouble, b: ScaledDouble) -> Double {
        a.exponent == 0 && b.exponent == 0 ? a.significand / b.significand : a.divided(by: b)
    }

    @usableFromInline
    func divided(by divisor: ScaledDouble) -> Double {
        let (a, b) = (normalized, divisor.normalized)
        return ScaledDouble(a.significand / b.significand, timesTwoTo: a.exponent - b.exponent).value
    }
}

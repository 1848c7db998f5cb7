// SPDX-License-Identifier: Apache-2.0

/// `log(a)` of lanes where `a = 1 + d` may have been rounded; `d` retains what the rounding lost.
///
/// Pass `log(1 + e)` as (1 + e, e), `log(p)` as (p, p - 1) and `log(1 - p)` as (1 - p, -p). The logarithm then keeps
/// its relative accuracy where it is tiny.
///
/// Argument: a > 0 and normal; `logAnywhere` handles all others.
/// Method: a = 2^k m with m in [sqrt 1/2, sqrt 2), f = m - 1 (f = d where k = 0, exact), s = f / (2 + f),
/// log(1 + f) = f - (f^2/2 - s (f^2/2 + s^2 L(s^2))), as in fdlibm's derivation.
/// Error: below 2 ulp, or 3 ulp for log(1 - p); see `LaneFunctionTests`.
@export(implementation) @inline(always)
public func log<L: Lanes>(ofNormal a: L, lessOne d: L, mayBeRounded: Bool = false) -> L {
    typealias S = L.Scalar
    // Adding the difference between the bit patterns of 1 and sqrt 1/2 moves the boundary between two exponents to sqrt
    // 1/2.
    let moved = a.addingBits(L(repeating: S.bitsFromRootHalfToOne))
    // Converts the exponent field to floating point: OR it into the low bits of 2^(significand bits), then subtract
    // that and the bias.
    let magic = S.roundingShift / 1.5
    let k = (moved.bitsMovedFromExponent | L(repeating: magic)) - L(repeating: magic + S.exponentBias)
    let m = (moved & L(repeating: S.fractionField)).addingBits(L(repeating: S.rootHalf))
    var rest = m - L.one
    if mayBeRounded {
        // What rounding took from 1 + d, times 2^-k. It matters only for 1 - p and 1 + e, where k is 1, 0 or -1.
        let lost = (d - (a - L.one)) * k.ifGreater(L.zero, L(repeating: 0.5), L(repeating: 2))
        rest = k.magnitude.ifEqual(L.one, rest + lost, rest)
    }
    let f = k.ifEqual(L.zero, d, rest)

    let s = f / (L(repeating: 2) + f)
    let z = s * s
    let halfSquare = L(repeating: 0.5) * f * f
    let inner = L.multiplyAdd(s, L.multiplyAdd(z, S.logTail(z), halfSquare), k * L(repeating: S.ln2Low))
    return L.multiplyAdd(k, L(repeating: S.ln2High), f - (halfSquare - inner))
}

/// `log(ofNormal:lessOne:)` for every finite `a`: 0 gives -infinity, a subnormal number its logarithm, and a negative
/// number gives NaN. So does NaN.
@export(implementation) @inline(always)
public func logAnywhere<L: Lanes>(_ a: L, lessOne d: L) -> L {
    typealias S = L.Scalar
    let smallest = L(repeating: S.leastNormalMagnitude)
    let normal = a.ifAtLeast(smallest, a, a * L(repeating: S.subnormalLift))
    let drop = a.ifAtLeast(smallest, L.zero, L(repeating: S.subnormalLiftExponent * S.ln2))
    let value =
        log(ofNormal: normal, lessOne: a.ifAtLeast(smallest, d, normal - L.one), mayBeRounded: true) - drop
    return a.ifGreater(L.zero, value, a.ifEqual(L.zero, L(repeating: -S.infinity), L(repeating: S.nan)))
}

// SPDX-License-Identifier: Apache-2.0

/// `e^-a` for lanes a >= 0.
///
/// Argument: any a >= 0 (infinity gives 0 with `gradual`); NaN gives NaN.
/// Method: a = -(k ln 2 + r), |r| <= ln 2 / 2, then 2^k (1 + r + r^2 E(r)); k ln2High is exact.
/// Error: below 0.95 ulp for Float (all 2^30 arguments; 0.92 at 6.5599823) and for Double (0.93 at 628.336); see
/// `LaneFunctionTests`, which finds the witness.
///
/// - Parameter gradual: whether results below the smallest normal number are rounded to subnormal numbers. If not,
///   arguments above (exponentBias - 1/2) ln 2 give 0, because the exponent field of 2^k is 0 then. This saves one
///   multiplication.
@export(implementation) @inline(always)
public func expOfNegative<L: Lanes>(_ a: L, gradual: Bool) -> L {
    typealias S = L.Scalar
    let bounded = a.atMost(L(repeating: gradual ? S.expUnderflow : S.expVanishing))
    // The shift includes the exponent bias, so that the low bits of `shifted` are the exponent field of 2^k.
    let shift = S.roundingShift + S.exponentBias + (gradual ? S.expLiftExponent : 0)
    let shifted = L.multiplyAdd(bounded, L(repeating: -1 / S.ln2), L(repeating: shift))
    let k = shifted - L(repeating: shift)
    var r = L.multiplyAdd(k, L(repeating: -S.ln2High), L.zero - bounded)
    r = L.multiplyAdd(k, L(repeating: -S.ln2Low), r)
    let power = shifted.bitsMovedToExponent
    let scaled = L.multiplyAdd(L.multiplyAdd(r * r, S.expTail(r), r), power, power)
    return gradual ? scaled * L(repeating: 1 / S.expLift) : scaled
}

// SPDX-License-Identifier: Apache-2.0

/// `ln p - ln(1 - p)`, the inverse of the sigmoid. 0 gives -infinity, 1 gives infinity, and a number outside [0, 1] or
/// NaN gives NaN.
///
/// Method: let s be the smaller of p and 1 - p, and g the greater. The result is the logarithm of s / g, with the sign
/// of p - 1/2. Near p = 1/2 that quotient rounds to 1 and loses everything, so the logarithm also gets s / g - 1, as
/// -|2 p - 1| / g. There, 2 p - 1 is exact (Sterbenz), and 1 - p is rounded at most once.
@export(implementation) @inline(always)
public func logit<L: Lanes>(ofProbability p: L) -> L {
    let half = L(repeating: 0.5)
    let complement = L.one - p
    let smaller = p.ifGreater(half, complement, p)
    let greater = p.ifGreater(half, p, complement)
    let difference = L.zero - L.multiplyAdd(L(repeating: 2), p, L.zero - L.one).magnitude
    let size = logAnywhere(smaller / greater, lessOne: difference / greater)
    return p.ifGreater(half, L.zero - size, size)
}

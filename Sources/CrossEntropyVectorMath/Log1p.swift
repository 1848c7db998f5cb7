// SPDX-License-Identifier: Apache-2.0

/// `log(1 + e)` for lanes e in [0, 1], such as e^-|x|.
///
/// Argument: e in [0, 1]; NaN gives NaN.
/// Method: e + e^2 Q(e). The pole of the derivative at -1 makes Q long (degree 8 for Float, 20 for Double), yet this is
/// faster than `log(ofNormal:lessOne:)`, because it needs no division and no exponent extraction.
/// Error: below 1.5 ulp for Float (all arguments), 1.7 ulp for Double (1.61 at 0.943); see `Log1pTests`, which finds
/// the witness. The error is relative, down to the smallest e.
@export(implementation) @inline(always)
public func log1p<L: Lanes>(_ e: L) -> L { log1p(e, plus: e) }

/// `log(1 + e) - e + c`. With c = e + b, this is the sum of the logarithm and b, with one dependent operation fewer.
@export(implementation) @inline(always)
func log1p<L: Lanes>(_ e: L, plus c: L) -> L { L.multiplyAdd(e * e, L.Scalar.log1pTail(e), c) }

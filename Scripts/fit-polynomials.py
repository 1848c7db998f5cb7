#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits the polynomials of Exp.swift, Log.swift and Log1p.swift (needs mpmath).

Each polynomial interpolates its function at Chebyshev nodes in 60-digit arithmetic (within a small factor of the
minimax error, and reproducible without an iteration that has to converge) and is then rounded to the scalar type.
The printed error is that of the whole formula with the rounded coefficients, relative to its result, on 4,001
points; the rounding of the evaluation comes on top and is measured by the tests.
"""

import struct

from mpmath import cos, exp, log, lu_solve, matrix, mp, mpf, pi, qr_solve, sqrt

mp.dps = 60


def rounded(value, scalar):
    code = {"Float": "f", "Double": "d"}[scalar]
    return mpf(struct.unpack(code, struct.pack(code, float(value)))[0])


def interpolate(function, low, high, degree):
    nodes = [(low + high) / 2 + (high - low) / 2 * cos((2 * i + 1) * pi / (2 * degree + 2)) for i in range(degree + 1)]
    powers = matrix(degree + 1, degree + 1)
    for row, node in enumerate(nodes):
        for column in range(degree + 1):
            powers[row, column] = node**column
    return list(lu_solve(powers, matrix([function(node) for node in nodes])))


def fit_rounding(function, weight, low, high, degree, scalar):
    """Weighted least squares at Chebyshev nodes, rounding one coefficient after the other and fitting the rest anew.

    On an interval that is not around 0, coefficients are large and of both signs, and rounding them all at once costs bits.
    """
    count = 4 * degree
    nodes = [(low + high) / 2 + (high - low) / 2 * cos((2 * i + 1) * pi / (2 * count)) for i in range(count)]
    known = []
    while len(known) <= degree:
        powers = range(len(known), degree + 1)
        system, right = matrix(count, len(powers)), matrix(count, 1)
        for row, node in enumerate(nodes):
            for column, power in enumerate(powers):
                system[row, column] = weight(node) * node**power
            right[row] = weight(node) * (function(node) - horner(known, node))
        solution, _ = qr_solve(system, right)
        known.append(rounded(solution[0], scalar))
    return known


def horner(coefficients, x):
    total = mpf(0)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


def report(name, scalar, coefficients, formula, truth, low, high):
    coefficients = [rounded(c, scalar) for c in coefficients]
    points = [low + (high - low) * i / 4000 for i in range(4001)]
    worst = max(abs(formula(coefficients, x) / truth(x) - 1) for x in points if truth(x) != 0)
    print(f"{name} {scalar}: relative error 2^{float(log(worst, 2)):.1f}")
    for c in coefficients:
        print("   ", float(c).hex() if scalar == "Double" else float(c).hex())


def taylor(function, series, x):
    return series if abs(x) < mpf(10) ** -20 else function(x)


half = log(2) / 2
for scalar, degree in (("Float", 5), ("Double", 10)):
    tail = lambda r: taylor(lambda v: (exp(v) - 1 - v) / v**2, mpf(1) / 2, r)
    report("exp(r) = 1 + r + r^2 E(r)", scalar, interpolate(tail, -half, half, degree),
           lambda c, r: 1 + r + r * r * horner(c, r), exp, -half, half)

s_max = (sqrt(2) - 1) / (sqrt(2) + 1)
for scalar, degree in (("Float", 2), ("Double", 6)):
    ratio = lambda z: taylor(lambda v: (log((1 + sqrt(v)) / (1 - sqrt(v))) - 2 * sqrt(v)) / (sqrt(v) * v), mpf(2) / 3, z)
    report("log((1 + s) / (1 - s)) = 2 s + s^3 L(s^2)", scalar, interpolate(ratio, mpf(0), s_max**2, degree),
           lambda c, s: 2 * s + s**3 * horner(c, s * s), lambda s: log((1 + s) / (1 - s)), s_max / 1000, s_max)

for scalar, degree in (("Float", 8), ("Double", 20)):
    tail = lambda e: taylor(lambda v: (log(1 + v) - v) / v**2, -mpf(1) / 2 + e / 3, e)
    report("log(1 + e) = e + e^2 Q(e)", scalar,
           fit_rounding(tail, lambda e: e**2 / log(1 + e), mpf(0), mpf(1), degree, scalar),
           lambda c, e: e + e * e * horner(c, e), lambda e: log(1 + e), mpf(1) / 4000, mpf(1))

ln2 = log(2)
for scalar, bits in (("Float", 15), ("Double", 41)):
    # k ln2_high must be exact for |k| < 2^8 (Float, 24 bits) and |k| < 2^11 (Double, 53 bits).
    high = mpf(int(ln2 * 2**bits)) / 2**bits
    low = rounded(ln2 - high, scalar)
    print(f"ln 2 {scalar}: high {float(high).hex()} low {float(low).hex()}")

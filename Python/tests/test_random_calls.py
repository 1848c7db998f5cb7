# SPDX-License-Identifier: Apache-2.0
"""Random calls, compared with the definition. CASES is their number, and SEED the seed of the first.

    CASES=100000 SEED=1 python -m pytest test_random_calls.py

A failure prints the seed of its case. To run it again, use this seed with CASES=1.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

import cross_entropy as ce
from cases import Case
from oracle import Definition

CASES, SEED = int(os.environ.get("CASES", "3000")), int(os.environ.get("SEED", "1"))


def assert_close(actual: Any, expected: Any, tolerance: Any) -> None:
    actual, expected = np.asarray(actual, np.longdouble), np.asarray(expected, np.longdouble)
    with np.errstate(invalid="ignore"):
        good = np.abs(actual - expected) <= tolerance
    good |= (actual == expected) | (np.isnan(actual) & np.isnan(expected))
    if not good.all():
        raise AssertionError(f"{actual[~good][:3]} instead of {expected[~good][:3]}")


def check(case: Case) -> None:
    batch, options = case.batch, case.options
    definition = Definition(batch, options)
    epsilon = np.finfo(definition.element).eps
    # The bounds are a few units in the last place. A focal factor has the relative error of 1 - p_t, times gamma.
    units = 8 if options.focal_gamma == 0 else 64
    size = np.abs(definition.losses)
    scale = np.abs(definition.weight) * (1 + np.abs(definition.positive))
    tolerance = units * epsilon * (size + np.where(definition.counts, scale, 0) * (not case.of_logits))
    assert_close(ce.losses(**batch, options=options), definition.losses, tolerance)
    with np.errstate(all="ignore"):
        for actual, axis in (
            (ce.loss(**batch, options=options), None),
            (ce.row_losses(**batch, options=options), -1),
            (ce.column_losses(**batch, options=options), tuple(range(len(case.shape) - 1))),
        ):
            divisor = definition.divisor(axis)
            assert_close(actual, definition.reduced(axis), np.sum(tolerance, axis) / np.abs(divisor))
    if options.focal_gamma == 0 and options.focal_alpha is None and options.clipping.rule == "unclipped":
        check_derivatives(case, definition, epsilon)


def check_derivatives(case: Case, definition: Definition, epsilon: Any) -> None:
    with np.errstate(all="ignore"):
        divisor = definition.divisor()
        tolerance = 16 * epsilon * definition.slope_scale / np.abs(divisor)
        expected, curvatures = definition.slopes / divisor, definition.curvatures / divisor
    # The derivative is 0 for an element that does not count, even if no element counts.
    expected, curvatures = (np.where(definition.counts, values, 0) for values in (expected, curvatures))
    out = np.full(case.shape, np.nan, definition.element)
    if case.of_logits:
        loss, gradient, hessian = ce.loss_gradient_hessian(**case.batch, options=case.options, out=(out, None))
        assert_close(hessian, curvatures, 16 * epsilon * np.abs(curvatures))
    else:
        loss, gradient = ce.loss_and_gradient(**case.batch, options=case.options, out=out)
    assert gradient is out
    assert_close(gradient, expected, tolerance)
    with np.errstate(all="ignore"):
        total = np.abs(definition.losses).sum() / np.abs(divisor)
    assert_close(loss, definition.reduced(), 8 * epsilon * total)


def test_random_calls_equal_definition() -> None:
    for seed in range(SEED, SEED + CASES):
        case = Case(seed)
        try:
            check(case)
        except Exception as error:
            arrays = {name: (array.dtype, array.shape, array.strides) for name, array in case.batch.items()}
            raise AssertionError(f"SEED={seed} CASES=1: {error}; {case.options} {arrays}") from error

# SPDX-License-Identifier: Apache-2.0
"""Losses of rows and columns, with their gradients."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce
from oracle import Definition

generator = np.random.default_rng(80)
SHAPE = (9, 4)
BATCH: Dict[str, Any] = {"logits": generator.normal(0, 2, SHAPE), "targets": generator.random(SHAPE)}
WEIGHTED: Dict[str, Any] = {
    **BATCH,
    "row_weights": generator.random(9),
    "column_weights": generator.random(4),
    "mask": generator.random(SHAPE) < 0.8,
}
FUNCTIONS = [(ce.row_losses, 1), (ce.column_losses, 0)]


@pytest.mark.parametrize("reduction", ["mean", "sum", "weighted-mean"])
@pytest.mark.parametrize("batch", [BATCH, WEIGHTED], ids=["plain", "weighted"])
@pytest.mark.parametrize("function, axis", FUNCTIONS)
def test_losses_of_an_axis_equal_definition(function: Any, axis: int, batch: Any, reduction: str) -> None:
    options = ce.Options(reduction=reduction)
    expected = Definition(batch, options)
    gradient = np.full(SHAPE, np.nan)
    losses = function(**batch, options=options, gradient_scale=3, gradient_out=gradient)
    assert losses.dtype == np.float64
    np.testing.assert_allclose(losses, expected.reduced(axis).astype(float), rtol=1e-12)
    divisor = expected.divisor(axis)
    divisor = divisor if reduction == "sum" else np.expand_dims(divisor, axis)
    np.testing.assert_allclose(gradient, (3 * expected.slopes / divisor).astype(float), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("function, axis", FUNCTIONS)
def test_losses_of_an_axis_are_written_into_either_type(function: Any, axis: int) -> None:
    expected = function(**BATCH)
    for dtype in (np.float32, np.float64):
        out = np.full(SHAPE[1 - axis], np.nan, dtype)
        assert function(**BATCH, out=out) is out
        np.testing.assert_array_equal(out, expected.astype(dtype))


@pytest.mark.parametrize("function, axis", FUNCTIONS)
def test_gradient_of_an_axis_of_floats_is_float32(function: Any, axis: int) -> None:
    batch = {"logits": BATCH["logits"].astype(np.float32), "targets": BATCH["targets"].astype(np.float32)}
    with pytest.raises(TypeError, match="gradient_out has dtype float64, expected float32"):
        function(**batch, gradient_out=np.zeros(SHAPE))
    gradient = np.zeros(SHAPE, np.float32)
    function(**batch, options=ce.Options(reduction="sum"), gradient_out=gradient)
    np.testing.assert_allclose(gradient, Definition(batch).slopes.astype(float), rtol=1e-5, atol=1e-7)


def test_last_axis_is_that_of_columns() -> None:
    batch: Dict[str, Any] = {"logits": generator.normal(size=(3, 2, 5)), "targets": generator.random((3, 2, 5))}
    expected = Definition(batch)
    np.testing.assert_allclose(ce.row_losses(**batch), expected.reduced(2).astype(float), rtol=1e-13)
    np.testing.assert_allclose(ce.column_losses(**batch), expected.reduced((0, 1)).astype(float), rtol=1e-13)


def test_one_axis_is_one_row() -> None:
    batch: Dict[str, Any] = {"logits": BATCH["logits"][0].copy(), "targets": BATCH["targets"][0].copy()}
    assert ce.row_losses(**batch).shape == ()
    assert ce.row_losses(**batch)[()] == pytest.approx(ce.loss(**batch), rel=1e-15)
    np.testing.assert_allclose(ce.column_losses(**batch), ce.losses(**batch), rtol=1e-15)
    assert ce.row_losses(logits=0.0, targets=1)[()] == ce.column_losses(logits=0.0, targets=1)[()] == np.log(2)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0,), (2, 0, 3), (2, 3, 0)])
@pytest.mark.parametrize("reduction, expected", [("mean", np.nan), ("sum", 0)])
def test_losses_of_an_empty_axis_are_those_of_no_elements(shape: Any, reduction: str, expected: float) -> None:
    batch: Dict[str, Any] = {"logits": np.zeros(shape), "targets": np.zeros(shape)}
    options = ce.Options(reduction=reduction)
    gradient = np.zeros(shape)
    rows = ce.row_losses(**batch, options=options, gradient_out=gradient)
    columns = ce.column_losses(**batch, options=options)
    np.testing.assert_array_equal(rows, np.full(shape[:-1], expected))
    np.testing.assert_array_equal(columns, np.full(shape[-1:], expected))

# SPDX-License-Identifier: Apache-2.0
"""Matrices that are parts of larger ones, and memory layouts that are rejected."""

from __future__ import annotations

from typing import Any, Callable, Dict

import numpy as np
import pytest

import cross_entropy as ce
from floats import FLOATS
from oracle import Definition

generator = np.random.default_rng(50)
X = generator.normal(size=(12, 10))
T = (generator.random((12, 10)) < 0.3).astype(np.float64)
VIEWS: Dict[str, Callable[[Any], Any]] = {
    "rows": lambda array: array[3:9],
    "every second row": lambda array: array[::2],
    "columns": lambda array: array[:, 2:7],
    "rows and columns": lambda array: array[1::3, 4:],
    "one column": lambda array: array[:, 3:4],
    "one row": lambda array: array[4:5, 1:4],
    "repeated row": lambda array: np.broadcast_to(array[2], (12, 10)),
    "repeated number in one column": lambda array: np.broadcast_to(array[2, 3], (12, 1)),
    "part of a repeated row": lambda array: np.broadcast_to(array[2], (12, 10))[:, 2:5],
}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_view_of_a_matrix_equals_its_copy(name: str, dtype: Any) -> None:
    x, t = VIEWS[name](X.astype(dtype)), VIEWS[name](T.astype(np.uint8))
    copies: Dict[str, Any] = {"logits": x.copy(), "targets": t.copy()}
    weights = {"weights": generator.random(x.shape), "column_weights": generator.random(x.shape[1])}
    expected, weighted = Definition(copies), Definition({**copies, **weights})
    assert ce.loss(logits=x, targets=t) == pytest.approx(float(expected.reduced()), rel=2e-7)
    assert ce.loss(logits=x, targets=t.copy(), **weights) == pytest.approx(float(weighted.reduced()), rel=2e-7)
    assert ce.loss(logits=x.copy(), targets=t, **weights) == pytest.approx(float(weighted.reduced()), rel=2e-7)
    np.testing.assert_allclose(ce.losses(logits=x, targets=t), expected.losses.astype(float), rtol=1e-6)
    gradient = (expected.slopes / expected.divisor()).astype(float)
    np.testing.assert_allclose(ce.gradient(logits=x, targets=t), gradient, rtol=1e-6)
    np.testing.assert_allclose(ce.row_losses(logits=x, targets=t), expected.reduced(1).astype(float), rtol=1e-6)
    np.testing.assert_allclose(ce.column_losses(logits=x, targets=t), expected.reduced(0).astype(float), rtol=1e-6)


def test_part_of_a_matrix_is_not_copied() -> None:
    base = np.full((2000, 2000), np.nan, np.float32)
    base[:, :3] = 0
    assert ce.loss(logits=base[:, :3], targets=np.ones((2000, 3))) == pytest.approx(np.log(2))


@pytest.mark.parametrize(
    "view",
    [
        lambda array: array[:, ::-1],
        lambda array: array[::-1],
        lambda array: array[:, ::2],
        lambda array: array.T,
        lambda array: array[:, 3],
        lambda array: np.broadcast_to(array[:, :1], (12, 10)),
        lambda array: array.reshape(2, 6, 10)[:, :3],
        lambda array: np.asfortranarray(array),
        lambda array: np.lib.stride_tricks.sliding_window_view(array[0], 4),
    ],
)
@pytest.mark.parametrize("name", ["logits", "targets"])
def test_other_view_is_refused_and_its_copy_accepted(name: str, view: Callable[[Any], Any]) -> None:
    batch: Dict[str, Any] = {"logits": view(X).copy(order="C"), "targets": view(T).copy(order="C")}
    expected = ce.loss(**batch)
    source = X if name == "logits" else T
    with pytest.raises(ce.CrossEntropyError, match=rf"{name} has shape .* pass numpy.ascontiguousarray\({name}\)"):
        ce.loss(**{**batch, name: view(source)})
    assert ce.loss(**{**batch, name: np.ascontiguousarray(view(source))}) == expected


@pytest.mark.parametrize("name", ["weights", "mask"])
def test_weights_and_masks_with_gaps_are_refused(name: str) -> None:
    array: Any = np.ones((12, 20), bool if name == "mask" else float)[:, :10]
    with pytest.raises(ce.CrossEntropyError, match=rf"{name} .* adjacent in memory: pass numpy.ascontiguousarray"):
        ce.loss(logits=X, targets=T, **{name: array})


@pytest.mark.parametrize("name", ["logits", "targets", "weights"])
def test_misaligned_array_is_refused(name: str) -> None:
    batch: Dict[str, Any] = {"logits": X, "targets": T, "weights": np.ones((12, 10))}
    misaligned = np.zeros(X.nbytes + 1, np.uint8)[1:].view(np.float64).reshape(12, 10)
    with pytest.raises(ce.CrossEntropyError, match=f"{name} is not aligned"):
        ce.loss(**{**batch, name: misaligned})


def test_array_of_another_byte_order_is_refused() -> None:
    with pytest.raises(TypeError, match=r"targets has the byte order of another machine: pass targets.astype"):
        ce.loss(logits=X, targets=T.astype(T.dtype.newbyteorder()))

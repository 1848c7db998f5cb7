# SPDX-License-Identifier: Apache-2.0
"""The loss of a batch and of its elements, for every type and shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cross_entropy as ce
from floats import FLOATS
from oracle import Definition

INTEGERS = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64]
SEED = 20


def drawn(shape: Any, dtype: Any = np.float32, target: Any = np.float32, probabilities: bool = False) -> Any:
    generator = np.random.default_rng(SEED)
    logits = generator.normal(0, 2, shape)
    predictions = (1 / (1 + np.exp(-logits)) if probabilities else logits).astype(dtype)
    targets = (generator.random(shape) < 0.4).astype(target)
    return {"probabilities" if probabilities else "logits": predictions, "targets": targets}


@pytest.mark.parametrize("probabilities", [False, True])
@pytest.mark.parametrize("target", [*FLOATS, *INTEGERS, np.bool_])
@pytest.mark.parametrize("dtype", FLOATS)
def test_loss_of_each_type_equals_definition(dtype: Any, target: Any, probabilities: bool) -> None:
    batch = drawn(333, dtype, target, probabilities)
    expected = Definition(batch)
    assert ce.loss(**batch) == pytest.approx(float(expected.reduced()), rel=2e-7)
    losses = ce.losses(**batch)
    assert losses.dtype == (np.float64 if dtype == np.float64 else np.float32)
    np.testing.assert_allclose(losses, expected.losses.astype(float), rtol=1e-6)


def test_loss_of_doubles_has_their_accuracy() -> None:
    batch = drawn(10_000, np.float64, np.float64)
    assert ce.loss(**batch) == pytest.approx(float(Definition(batch).reduced()), rel=1e-14)


@pytest.mark.parametrize("dtype", FLOATS)
def test_loss_of_soft_targets_equals_definition(dtype: Any) -> None:
    batch = drawn(500)
    batch["targets"] = np.random.default_rng(SEED).random(500).astype(dtype)
    assert ce.loss(**batch) == pytest.approx(float(Definition(batch).reduced()), rel=2e-7)


@pytest.mark.parametrize("shape", [(), (1,), (7,), (6, 5), (1, 9), (9, 1), (2, 3, 4), (2, 1, 3, 2)])
def test_losses_have_the_shape_of_predictions(shape: Any) -> None:
    batch = drawn(shape)
    losses = ce.losses(**batch)
    assert losses.shape == shape
    np.testing.assert_allclose(losses, Definition(batch).losses.astype(float), rtol=1e-6)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_loss_of_no_elements_is_nan_and_sum_is_zero(shape: Any) -> None:
    batch = drawn(shape)
    assert np.isnan(ce.loss(**batch))
    assert ce.loss(**batch, options=ce.Options(reduction="sum")) == 0
    assert ce.losses(**batch).shape == shape


def test_loss_of_lists_and_numbers_converts_them() -> None:
    expected = -np.log([0.9, 0.95, 0.8, 0.4]).mean()
    assert ce.loss(probabilities=[0.1, 0.95, 0.2, 0.6], targets=[0, 1, 0, 0]) == pytest.approx(expected, rel=1e-14)
    assert ce.loss(logits=0, targets=1) == pytest.approx(np.log(2), rel=1e-14)
    assert ce.loss(logits=(1, 2), targets=[True, False], weights=[1, 0], mask=[1, 1]) == pytest.approx(
        np.log1p(np.exp(-1)) / 2, rel=1e-14
    )


def test_loss_of_unusual_numbers_follows_the_formula() -> None:
    assert np.isnan(ce.loss(logits=np.array([0, np.nan]), targets=np.array([0, 1])))
    assert np.isnan(ce.loss(logits=np.array([0.0, 1.0]), targets=np.array([0, np.nan])))
    losses = ce.losses(logits=np.array([-np.inf, np.inf, np.inf, -np.inf]), targets=np.array([0, 1, 0, 1]))
    assert losses.tolist() == [0, 0, np.inf, np.inf]
    assert ce.losses(probabilities=np.array([0.0, 1.0, 0.0]), targets=np.array([0, 1, 1])).tolist() == [0, 0, np.inf]


def test_loss_of_read_only_arrays_is_computed_in_place() -> None:
    batch = drawn(100)
    expected = ce.loss(**batch)
    for array in batch.values():
        array.flags.writeable = False
    assert ce.loss(**batch) == expected


def test_loss_of_many_elements_has_same_bits_for_any_number_of_threads() -> None:
    batch = drawn(3_000_000)
    losses = {ce.loss(**batch, options=ce.Options(threads=threads)) for threads in (None, 1, 2, 7)}
    assert len(losses) == 1
    assert losses.pop() == pytest.approx(float(Definition(batch).reduced()), rel=1e-7)


def test_loss_leaves_inputs_unchanged() -> None:
    batch = drawn((50, 3))
    copies = {name: array.copy() for name, array in batch.items()}
    ce.loss_gradient_hessian(**batch)
    for name, array in batch.items():
        np.testing.assert_array_equal(array, copies[name])

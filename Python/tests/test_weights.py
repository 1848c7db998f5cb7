# SPDX-License-Identifier: Apache-2.0
"""Weights and masks, alone and together."""

from __future__ import annotations

import itertools
from typing import Any, Dict

import numpy as np
import pytest

import cross_entropy as ce
from oracle import Definition

ROWS, COLUMNS = 7, 5
generator = np.random.default_rng(30)
BATCH: Dict[str, Any] = {"logits": generator.normal(size=(ROWS, COLUMNS)), "targets": generator.random((ROWS, COLUMNS))}
WEIGHTS: Dict[str, Any] = {
    "weights": generator.normal(size=(ROWS, COLUMNS)),
    "row_weights": generator.random(ROWS),
    "column_weights": generator.random(COLUMNS),
    "positive_weights": generator.random((ROWS, COLUMNS)),
    "positive_column_weights": generator.random(COLUMNS),
    "mask": generator.random((ROWS, COLUMNS)) < 0.6,
}
COMBINATIONS = [names for count in range(7) for names in itertools.combinations(WEIGHTS, count)]


@pytest.mark.parametrize("reduction", ["mean", "sum", "weighted-mean"])
@pytest.mark.parametrize("names", COMBINATIONS, ids="+".join)
def test_weights_in_every_combination_equal_definition(names: Any, reduction: str) -> None:
    batch = {**BATCH, **{name: WEIGHTS[name] for name in names}}
    options = ce.Options(reduction=reduction)
    expected = Definition(batch, options)
    assert ce.loss(**batch, options=options) == pytest.approx(float(expected.reduced()), rel=1e-12)
    np.testing.assert_allclose(ce.losses(**batch, options=options), expected.losses.astype(float), rtol=1e-13)
    gradient = (expected.slopes / expected.divisor()).astype(float)
    np.testing.assert_allclose(ce.gradient(**batch, options=options), gradient, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("name", [name for name in WEIGHTS if name != "mask"])
def test_weights_of_float32_equal_the_same_doubles(name: str) -> None:
    floats = WEIGHTS[name].astype(np.float32)
    assert ce.loss(**BATCH, **{name: floats}) == ce.loss(**BATCH, **{name: floats.astype(np.float64)})


def test_mask_of_bytes_counts_every_number_but_zero() -> None:
    mask = WEIGHTS["mask"]
    codes = np.where(mask, np.arange(1, 1 + mask.size).reshape(mask.shape), 0).astype(np.uint8)
    assert ce.loss(**BATCH, mask=codes) == ce.loss(**BATCH, mask=mask)


def test_masked_elements_are_not_read() -> None:
    batch = {name: array.copy() for name, array in BATCH.items()}
    expected = ce.loss(**batch, mask=WEIGHTS["mask"])
    batch["logits"][~WEIGHTS["mask"]] = np.nan
    batch["targets"][~WEIGHTS["mask"]] = 7
    assert ce.loss(**batch, mask=WEIGHTS["mask"]) == expected


def test_masked_array_counts_its_unmasked_elements() -> None:
    mask = WEIGHTS["mask"]
    masked = np.ma.MaskedArray(BATCH["logits"], ~mask)
    assert ce.loss(logits=masked, targets=BATCH["targets"]) == ce.loss(**BATCH, mask=mask)
    in_columns = np.ma.MaskedArray(np.asfortranarray(BATCH["logits"]), np.asfortranarray(~mask))
    assert ce.loss(logits=in_columns, targets=BATCH["targets"]) == ce.loss(**BATCH, mask=mask)
    other = generator.random(mask.shape) < 0.5
    assert ce.loss(logits=masked, targets=BATCH["targets"], mask=other) == ce.loss(**BATCH, mask=mask & other)


def test_row_weights_of_several_axes_have_one_number_for_each_last_axis() -> None:
    batch = {name: array.reshape(ROWS, COLUMNS, 1).repeat(2, axis=2) for name, array in BATCH.items()}
    batch["row_weights"] = generator.random((ROWS, COLUMNS))
    assert ce.loss(**batch) == pytest.approx(float(Definition(batch).reduced()), rel=1e-13)


def test_weights_that_are_none_have_no_effect() -> None:
    assert ce.loss(**BATCH, weights=None, mask=None, probabilities=None) == ce.loss(**BATCH)
